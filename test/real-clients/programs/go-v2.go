// The AWS SDK for Go v2 with its default chain, asked who it is. Arguments and answers: see aws-cli.sh.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func answer(ctx context.Context, cfg aws.Config) (map[string]string, error) {
	identity, err := sts.NewFromConfig(cfg, func(options *sts.Options) {
		if options.Region == "" {
			options.Region = "us-east-1" // this SDK finds no endpoint without one
		}
	}).GetCallerIdentity(ctx, nil)
	if err != nil {
		return nil, err
	}
	credentials, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"arn":     aws.ToString(identity.Arn),
		"account": aws.ToString(identity.Account),
		"region":  cfg.Region,
		"source":  credentials.Source,
	}, nil
}

func say(result map[string]string, err error) {
	if err != nil {
		result = map[string]string{"error": err.Error()}
	}
	line, _ := json.Marshal(result)
	fmt.Println(string(line))
}

func main() {
	profile := flag.String("profile", "", "")
	again := flag.Bool("again", false, "")
	flag.Parse()
	ctx := context.Background()
	options := []func(*config.LoadOptions) error{}
	if *profile != "" {
		options = append(options, config.WithSharedConfigProfile(*profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		say(nil, err)
		return
	}
	say(answer(ctx, cfg))
	if *again {
		if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err == nil {
			say(answer(ctx, cfg))
		}
	}
}
