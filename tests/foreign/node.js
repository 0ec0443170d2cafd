// HubSpot's official Node client: every company by getAll.
const { Client } = require('@hubspot/api-client')

const client = new Client({ accessToken: process.env.HUBSPOT_ACCESS_TOKEN, basePath: process.env.HUBSPOT_BASE_URL })

client.crm.companies.getAll(100).then(
  (companies) => process.stdout.write(JSON.stringify({ companies: companies.length })),
  (error) => {
    console.error(error)
    process.exit(1)
  },
)
