// TimescaleDB compiled to WASM behind PostgreSQL's port, for tests. Usage: node bridge.mjs PORT FOLDER
//
// Every database is a process of its own (database.mjs), since instances in one process disturb each other; it is made,
// copied and dropped by CREATE DATABASE and DROP DATABASE as on a server, and its connections are passed on to it.
import { fork } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'

/** @typedef {import('node:child_process').ChildProcess & { port?: number }} Database a process, and where it listens */
/** @typedef {import('./database.mjs').Report} Report */
/** @typedef {import('./database.mjs').Command} Command */

const [port, folder] = /** @type {[string, string]} */ (process.argv.slice(2))
const fresh = path.join(folder, 'fresh.tar')
/** @type {Map<string, Database>} by name */
const databases = new Map()

/**
 * Ask a database's process and return its answer.
 * @param {Database} database
 * @param {Command} [question]
 * @returns {Promise<Report>}
 */
function ask(database, question) {
  return new Promise((resolve) => {
    database.once('message', resolve)
    if (question) database.send(question)
  })
}

/**
 * Start a database on the data of a file; without one it makes its own, which takes long.
 * @param {string} name
 * @param {string} file
 */
async function start(name, file = '') {
  /** @type {Database} */
  const database = fork(new URL('database.mjs', import.meta.url), [file], { execArgv: ['--liftoff-only'] })
  database.port = (await ask(database)).port
  database.on('message', async (/** @type {Report} */ { create, template, drop }) => {
    if (create) await copy(create, template)
    if (drop) databases.get(drop)?.kill('SIGKILL')
    if (create || drop) database.send({ done: true })
  })
  databases.set(name, database)
  return database
}

/**
 * Start a database on a copy of another one, or of one that is as new.
 * @param {string} name
 * @param {string} [template]
 */
async function copy(name, template) {
  const file = template ? path.join(folder, `${template}-${process.pid}.tar`) : fresh
  if (template && !fs.existsSync(file)) {
    const copied = databases.get(template)
    if (!copied) throw new Error(`there is no database ${template} to copy`)
    await ask(copied, { dump: file })
  }
  await start(name, file)
}

/** @param {net.Socket} socket */
function connect(socket) {
  socket.on('error', () => socket.destroy())
  socket.once('data', (/** @type {Buffer} */ startup) => {
    if (startup.readInt32BE(4) !== 196608) { // a request for encryption, or to cancel
      socket.write('N', () => connect(socket))
      return
    }
    const words = startup.subarray(8).toString().split('\0')
    const database = databases.get(words[words.indexOf('database') + 1] ?? '')
    if (!database?.connected || !database.port) return void socket.destroy()
    const beyond = net.connect(database.port, '127.0.0.1')
    beyond.write(startup)
    socket.pipe(beyond).pipe(socket)
    socket.on('close', () => beyond.destroy())
    beyond.on('error', () => socket.destroy())
    beyond.on('close', () => socket.destroy())
  })
}

if (!fs.existsSync(fresh)) {
  const made = path.join(folder, `fresh-${process.pid}.tar`) // another run may be reading or making it, too
  await ask(await start('fresh'), { dump: made })
  fs.renameSync(made, fresh)
}
await start('postgres', fresh)
process.on('SIGTERM', () => {
  for (const database of databases.values()) database.kill('SIGKILL')
  for (const file of fs.readdirSync(folder)) {
    if (file.endsWith(`-${process.pid}.tar`)) fs.rmSync(path.join(folder, file))
  }
  process.exit(0)
})
net.createServer(connect).listen(Number(port), '127.0.0.1')
