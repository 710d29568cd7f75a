# Settings of one account: an account customization of Account Factory for Terraform, or a workspace of its own.
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

variable "region" {
  description = "Region of the settings that are made in each Region."
  type        = string
}

variable "sandbox" {
  description = "Whether the account is for trying things out: then it gets a budget."
  type        = bool
  default     = false
}

provider "aws" {
  region = var.region
}

module "foundation" {
  source = "./foundation"
}

module "sandbox" {
  source = "./sandbox"
  count  = var.sandbox ? 1 : 0
}
