# Reads config files as the AWS SDK for Ruby does. One request a line: the file's bytes in Base64, then words to ignore; one answer a line: JSON.
require 'aws-sdk-core'
require 'json'

$stdout.sync = true
$stdin.each_line do |line|
  text = line.split(' ')[0].unpack1('m').force_encoding('UTF-8')
  answer =
    begin
      { profiles: Aws::IniParser.ini_parse(text) }
    rescue ArgumentError, IndexError, NoMethodError => e
      { error: e.message }
    end
  puts JSON.generate(answer)
rescue JSON::GeneratorError => e
  puts JSON.generate({ error: e.message })
end
