// A plugin of mystmd, for MyST and Jupyter Book 2: a directive, and the fence of the other tools.
import { address, options, render } from './render.js'

const text = { type: String }

function figure(body, given, page, line) {
  const { svg, alt } = render(body, given, { page, line })
  const image = { type: 'image', url: address(svg), alt, ...(given.width ? { width: given.width } : {}) }
  if (!given.caption) return image
  const caption = { type: 'caption', children: [{ type: 'paragraph', children: [{ type: 'text', value: given.caption }] }] }
  return { type: 'container', kind: 'figure', children: [image, caption] }
}

const directive = {
  name: 'lorafig',
  doc: 'A figure of LoRA, verified and drawn from a spec.',
  arg: { type: String, doc: 'The name of a spec; `/` is the folder that the build runs in.' },
  options: { theme: text, text, width: text, alt: text, caption: text },
  body: { type: String, doc: 'The spec, where no file is named.' },
  run({ arg, options: given = {}, body, node }, file) {
    const named = arg === undefined ? given : { ...given, file: arg }
    return [figure(body ?? '', named, file.path, node?.position?.start.line)]
  },
}

const transform = {
  name: 'lorafig',
  doc: 'The figure in the place of a fence that holds a spec.',
  stage: 'document',
  plugin: () => (tree, file) => {
    const visit = (node) => {
      if (!node.children) return
      node.children = node.children.map((child) => {
        if (child.type === 'code' && child.lang === 'lorafig') {
          return figure(child.value, options(child.meta), file.path, child.position?.start.line)
        }
        visit(child)
        return child
      })
    }
    visit(tree)
  },
}

export default { name: 'lorafig', directives: [directive], transforms: [transform] }
