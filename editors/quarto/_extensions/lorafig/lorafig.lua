-- A code block of the class lorafig becomes its figure: SVG on pages, PDF on the way to LaTeX. A false figure ends the build.

local command = os.getenv("LORAFIG") or "lorafig"

local function drawn(block, format)
  local arguments = { "render", "-", "-f", format, "-o", "-" }
  if format == "svg" then
    table.insert(arguments, "--theme")
    table.insert(arguments, block.attributes.theme or "auto")
  end
  local input = block.text
  local file = block.attributes.file
  if file then
    if file:find("^/") or file:find("%.%.") then
      error("lorafig: '" .. file .. "' leads out of the project")
    end
    arguments[2] = file
    input = ""
  end
  local ok, output = pcall(pandoc.pipe, command, arguments, input)
  if not ok then
    error("lorafig refused a figure:\n" .. tostring(output.output or output))
  end
  return output
end

function CodeBlock(block)
  if not block.classes:includes("lorafig") then
    return nil
  end
  local latex = FORMAT:match("latex") or FORMAT:match("beamer")
  local format = latex and "pdf" or "svg"
  local data = drawn(block, format)
  local name = "lorafig-" .. pandoc.sha1(data):sub(1, 16) .. "." .. format
  pandoc.mediabag.insert(name, latex and "application/pdf" or "image/svg+xml", data)
  local title = data:match("<title[^>]*>([^<]*)</title>") or ("\n" .. block.text):match("\ntitle:%s*([^\n]+)") or "A figure"
  local image = pandoc.Image(block.attributes.alt or title, name, "", { width = block.attributes.width })
  if block.attributes.caption then
    return pandoc.Figure(pandoc.Plain(image), { pandoc.Plain(block.attributes.caption) }, block.identifier)
  end
  return pandoc.Para(image)
end
