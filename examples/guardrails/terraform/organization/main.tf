# Policies of the organisation. Runs in the management account, or in that of a delegated administrator.
# The modules are written by `pnpm --filter @remedykit/example-guardrails terraform`.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.83"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

variable "targets" {
  description = "Roots, organisational units and accounts by the set that is attached to them."
  type = object({
    foundation = optional(set(string), [])
    workload   = optional(set(string), [])
    sandbox    = optional(set(string), [])
    suspended  = optional(set(string), [])
  })
  default = {}
}

module "foundation" {
  source               = "./foundation"
  guardrail_target_ids = var.targets.foundation
}

module "workload" {
  source               = "./workload"
  guardrail_target_ids = var.targets.workload
}

module "sandbox" {
  source               = "./sandbox"
  guardrail_target_ids = var.targets.sandbox
}

module "suspended" {
  source               = "./suspended"
  guardrail_target_ids = var.targets.suspended
}
