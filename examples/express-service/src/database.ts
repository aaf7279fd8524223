import knex, { type Knex } from 'knex'

export interface Customer {
  readonly id: number
  readonly name: string
  readonly plan: string
}

export interface Reply {
  readonly id: number
  readonly customer_id: number
  readonly category: string
  readonly text: string
}

/** A database in memory with the tables of the service and two customers. */
export async function openDatabase(): Promise<Knex> {
  const database = knex({
    client: 'better-sqlite3',
    connection: { filename: ':memory:' },
    useNullAsDefault: true,
  })
  await database.schema.createTable('customers', (table) => {
    table.increments('id')
    table.string('name').notNullable()
    table.string('plan').notNullable()
  })
  await database.schema.createTable('replies', (table) => {
    table.increments('id')
    table.integer('customer_id').notNullable().references('customers.id')
    table.string('category').notNullable()
    table.text('text').notNullable()
  })
  await database<Customer>('customers').insert([
    { id: 1, name: 'Ada Lovelace', plan: 'enterprise' },
    { id: 2, name: 'Charles Babbage', plan: 'starter' },
  ])
  return database
}
