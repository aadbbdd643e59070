// A fence to a picture: runs `lorafig render`, and fails with what it says.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import path from 'node:path'

const OPTIONS = ['file', 'gallery', 'theme', 'text', 'width', 'alt', 'caption']

/** The options in the first line of a fence: file="figures/mine.yaml" width="80%". */
export function options(info) {
  const found = {}
  const rest = (info ?? '').replace(/([\w-]+)=("([^"]*)"|'([^']*)'|\S+)/g, (_, name, raw, double, single) => {
    found[name] = double ?? single ?? raw
    return ''
  })
  const unknown = [...Object.keys(found).filter((name) => !OPTIONS.includes(name)), ...rest.split(/\s+/).filter(Boolean)]
  if (unknown.length) throw new Error(`lorafig: there is no option '${unknown[0]}'; the options are ${OPTIONS.join(', ')}`)
  if (found.width !== undefined && !/^\d+(\.\d+)?(%|px|em|rem|cm|mm|in|pt)$/.test(found.width)) {
    throw new Error(`lorafig: '${found.width}' is not a width, such as 80% or 30em`)
  }
  return found
}

/** The file of a name: `/` is the top of the project, other names are relative to the page. It lies in the project. */
function inside(name, page, root) {
  const from = name.startsWith('/') ? root : path.dirname(page ?? path.join(root, 'page'))
  const file = path.resolve(from, name.replace(/^\/+/, ''))
  if (!existsSync(file)) throw new Error(`lorafig: there is no file ${name}`)
  const relative = path.relative(realpathSync(root), realpathSync(file))
  if (relative.startsWith('..') || path.isAbsolute(relative)) throw new Error(`lorafig: '${name}' leads out of the project`)
  if (!/\.(ya?ml|json)$/.test(file)) throw new Error(`lorafig: '${name}' is not the name of a spec`)
  return file
}

/** The line of the page above the spec: some tools count without the front matter, and options may stand between. */
function above(page, line, body) {
  if (page === undefined || line === undefined || !existsSync(page)) return
  const text = readFileSync(page, 'utf8')
  const front = /^---\s*?\n[^]*?\n---\s*?\n/.exec(text)?.[0].split('\n').length ?? 1
  const lines = text.split('\n').map((written) => written.trim())
  const first = body.split('\n')[0].trim()
  const fence = [line, line + front - 1].find((at) => /lorafig/.test(lines[at - 1]) && lines.indexOf(first, at) >= 0)
  return fence && lines.indexOf(first, fence)
}

/**
 * The picture of a fence.
 * @param {string} body the spec, or '' with `file` in the options
 * @param {object} given the options of the fence
 * @param {{command?: string, root?: string, page?: string, line?: number, theme?: string}} settings `line` is the
 *   one of the page that the fence begins in
 * @returns {{svg: string, alt: string}}
 */
export function render(body, given = {}, settings = {}) {
  const { command = process.env.LORAFIG ?? 'lorafig', root = process.cwd(), page, line } = settings
  const args = ['render', '-', '-f', 'svg', '-o', '-']
  const theme = given.theme ?? settings.theme ?? 'auto'
  args.push('--theme', theme)
  if (given.text) args.push('--text', given.text)
  let input = body
  if (given.file !== undefined) {
    if (body.trim()) throw new Error('lorafig: a spec is named, and another one is written below it')
    args[1] = inside(given.file, page, root)
    input = ''
  } else if (given.gallery !== undefined) {
    throw new Error("lorafig: 'gallery' is for Python's tools; copy the figure with 'lorafig new mine --from ID'")
  }
  const done = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 1 << 26, cwd: root })
  if (done.error?.code === 'ENOENT') {
    throw new Error(`lorafig: there is no program '${command}': install lorafig, or name it in the variable LORAFIG`)
  }
  if (done.error) throw done.error
  if (done.status !== 0) {
    const first = above(page, line, body)
    const place = (_, within) => `${path.relative(root, page)}:${first + Number(within)}`
    const said = first === undefined ? done.stderr : done.stderr.replace(/^<stdin>:(\d+)/gm, place)
    throw new Error(`this figure was refused\n${said.trim()}`)
  }
  const name = (tag) => (done.stdout.match(new RegExp(`<${tag}[^>]*>([^<]*)</${tag}>`)) ?? [])[1] ?? ''
  const plain = (text) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&')
  const alt = given.alt ?? [plain(name('title')), plain(name('desc'))].filter(Boolean).join('. ')
  return { svg: done.stdout, alt }
}

export const address = (svg) => `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`

export const escape = (text) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
