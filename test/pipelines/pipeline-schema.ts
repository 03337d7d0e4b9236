/**
 * The parts of Semaphore's pipeline schema that our pipelines use; anything else is an error.
 * Source: https://docs.semaphore.io/reference/pipeline-yaml (November 2026).
 */
export const pipelineSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  required: ['version', 'name', 'agent', 'blocks'],
  additionalProperties: false,
  properties: {
    version: { const: 'v1.0' },
    name: { type: 'string' },
    agent: { $ref: '#/definitions/agent' },
    execution_time_limit: { $ref: '#/definitions/limit' },
    auto_cancel: { type: 'object' },
    fail_fast: { type: 'object' },
    queue: { type: 'object' },
    global_job_config: {
      type: 'object',
      additionalProperties: false,
      properties: {
        prologue: { $ref: '#/definitions/prologue' },
        epilogue: { $ref: '#/definitions/epilogue' },
        secrets: { $ref: '#/definitions/secrets' },
        env_vars: { $ref: '#/definitions/variables' },
      },
    },
    blocks: { type: 'array', minItems: 1, items: { $ref: '#/definitions/block' } },
    after_pipeline: {
      type: 'object',
      required: ['task'],
      additionalProperties: false,
      properties: { task: { $ref: '#/definitions/task' } },
    },
    promotions: { type: 'array', items: { $ref: '#/definitions/promotion' } },
  },
  definitions: {
    agent: {
      type: 'object',
      required: ['machine'],
      additionalProperties: false,
      properties: {
        machine: {
          type: 'object',
          required: ['type'],
          additionalProperties: false,
          properties: { type: { type: 'string' }, os_image: { type: 'string' } },
        },
        containers: {
          type: 'array',
          items: {
            type: 'object',
            required: ['name', 'image'],
            properties: { name: { type: 'string' }, image: { type: 'string' } },
          },
        },
      },
    },
    limit: {
      type: 'object',
      additionalProperties: false,
      properties: { hours: { type: 'integer', minimum: 1 }, minutes: { type: 'integer', minimum: 1 } },
    },
    commands: { type: 'array', minItems: 1, items: { type: 'string' } },
    prologue: {
      type: 'object',
      required: ['commands'],
      additionalProperties: false,
      properties: { commands: { $ref: '#/definitions/commands' } },
    },
    epilogue: {
      type: 'object',
      additionalProperties: false,
      properties: {
        always: { $ref: '#/definitions/prologue' },
        on_pass: { $ref: '#/definitions/prologue' },
        on_fail: { $ref: '#/definitions/prologue' },
      },
    },
    secrets: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name'],
        additionalProperties: false,
        properties: { name: { type: 'string' } },
      },
    },
    variables: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'value'],
        additionalProperties: false,
        properties: { name: { type: 'string' }, value: { type: 'string' } },
      },
    },
    condition: {
      type: 'object',
      required: ['when'],
      additionalProperties: false,
      properties: { when: { type: ['string', 'boolean'] } },
    },
    block: {
      type: 'object',
      required: ['task'],
      additionalProperties: false,
      properties: {
        name: { type: 'string' },
        dependencies: { type: 'array', items: { type: 'string' } },
        run: { $ref: '#/definitions/condition' },
        skip: { $ref: '#/definitions/condition' },
        task: { $ref: '#/definitions/task' },
      },
    },
    task: {
      type: 'object',
      required: ['jobs'],
      additionalProperties: false,
      properties: {
        agent: { $ref: '#/definitions/agent' },
        prologue: { $ref: '#/definitions/prologue' },
        epilogue: { $ref: '#/definitions/epilogue' },
        secrets: { $ref: '#/definitions/secrets' },
        env_vars: { $ref: '#/definitions/variables' },
        jobs: { type: 'array', minItems: 1, items: { $ref: '#/definitions/job' } },
      },
    },
    job: {
      type: 'object',
      required: ['commands'],
      additionalProperties: false,
      properties: {
        name: { type: 'string' },
        commands: { $ref: '#/definitions/commands' },
        env_vars: { $ref: '#/definitions/variables' },
        execution_time_limit: { $ref: '#/definitions/limit' },
        parallelism: { type: 'integer', minimum: 2 },
        matrix: { type: 'array' },
        priority: { type: 'array' },
      },
    },
    promotion: {
      type: 'object',
      required: ['name', 'pipeline_file'],
      additionalProperties: false,
      properties: {
        name: { type: 'string' },
        pipeline_file: { type: 'string' },
        parameters: { type: 'object' },
        auto_promote: { $ref: '#/definitions/condition' },
        deployment_target: { type: 'string' },
      },
    },
  },
};
