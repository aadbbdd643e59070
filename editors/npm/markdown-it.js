// A markdown-it plugin, for VitePress and Eleventy. A fence becomes a figure with the SVG in the page.
import { escape, options, render } from './render.js'

export default function lorafig(md, settings = {}) {
  const fence = md.renderer.rules.fence
  md.renderer.rules.fence = (tokens, index, opts, env, self) => {
    const token = tokens[index]
    const [, name, rest] = /^\s*(\S*)\s*([\s\S]*)$/.exec(token.info)
    if (name !== 'lorafig') return fence(tokens, index, opts, env, self)
    const given = options(rest)
    const { svg } = render(token.content, given, { page: env?.path ?? env?.page?.inputPath, line: (token.map?.[0] ?? -1) + 1, ...settings })
    const inline = svg.replace(/^<\?xml[^>]*\?>\s*/, '').trim()
    // Vue compiles what VitePress renders: v-pre leaves braces in labels as they are.
    const style = given.width ? ` style="width: ${given.width}"` : ''
    const caption = given.caption ? `<figcaption>${escape(given.caption)}</figcaption>` : ''
    return `<figure class="lorafig" v-pre${style}>${inline}${caption}</figure>\n`
  }
}
