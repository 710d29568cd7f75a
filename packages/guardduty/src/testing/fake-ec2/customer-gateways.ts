import type { DescribeCustomerGatewaysCommandInput, CustomerGateway as SdkGateway } from '@aws-sdk/client-ec2';
import { applyFilters, type FilterFields, pickByIds } from './describe.ts';
import { customerGatewayNotFound } from './errors.ts';
import type { CustomerGateway, World } from './state.ts';

const filters: FilterFields<CustomerGateway> = {
  'customer-gateway-id': (gateway) => [gateway.customerGatewayId],
  'ip-address': (gateway) => [gateway.ipAddress],
  state: (gateway) => [gateway.state],
};

const answer = ({ customerGatewayId, ipAddress, state }: CustomerGateway): SdkGateway => ({
  BgpAsn: '65000',
  CustomerGatewayId: customerGatewayId,
  ...(ipAddress === undefined ? {} : { IpAddress: ipAddress }),
  State: state,
  Tags: [],
  Type: 'ipsec.1',
});

/** The answer to DescribeCustomerGateways, never paged, as in EC2. */
export const describeCustomerGateways = (world: World, input: DescribeCustomerGatewaysCommandInput): object => {
  const ids = input.CustomerGatewayIds;
  const picked = pickByIds(world.customerGateways, ids, (one) => one.customerGatewayId, customerGatewayNotFound);
  return { CustomerGateways: applyFilters('DescribeCustomerGateways', picked, input.Filters, filters).map(answer) };
};
