// A remark plugin, for Docusaurus, Astro and all that reads Markdown with remark. A fence becomes an image, since
// MDX has no raw HTML.
import { address, options, render } from './render.js'

export default function lorafig(settings = {}) {
  return (tree, file) => {
    const visit = (node) => {
      if (!node.children) return
      node.children = node.children.map((child) => {
        if (child.type !== 'code' || child.lang !== 'lorafig') {
          visit(child)
          return child
        }
        try {
          const given = options(child.meta)
          const { svg, alt } = render(child.value, given, { page: file?.path, line: child.position?.start.line, ...settings })
          const style = given.width ? { hProperties: { style: `width: ${given.width}` } } : {}
          const image = { type: 'image', url: address(svg), alt, title: null, data: style, position: child.position }
          const parts = [image]
          if (given.caption) parts.push({ type: 'break' }, { type: 'emphasis', children: [{ type: 'text', value: given.caption }] })
          return { type: 'paragraph', children: parts, position: child.position }
        } catch (error) {
          if (file?.fail) file.fail(error.message, child.position, 'lorafig:figure')
          throw error
        }
      })
    }
    visit(tree)
  }
}
