-- A code block of the class lorafig becomes its figure: SVG on pages, PDF on the way to LaTeX. A false figure ends the build.

local command = os.getenv("LORAFIG") or "lorafig"
local entities = { amp = "&", lt = "<", gt = ">", quot = '"', ["#39"] = "'" }

local function lorafig(arguments, input)
  local ok, output = pcall(pandoc.pipe, command, arguments, input)
  if not ok then
    error("lorafig refused a figure:\n" .. tostring(output.output or output))
  end
  return output
end

-- The top of the project. Without one it is the folder of the page, which Quarto runs filters in.
local function top()
  return quarto and quarto.project and quarto.project.directory or "."
end

-- A path without '.' and '..' in it; nil if it leads above where it starts.
local function settled(path)
  local parts = {}
  for part in path:gmatch("[^/]+") do
    if part == ".." and table.remove(parts) == nil then
      return nil
    elseif part ~= "." and part ~= ".." then
      table.insert(parts, part)
    end
  end
  return table.concat(parts, "/")
end

-- A spec by its name: relative to the page or, with '/' before it, to the top of the project; never outside of it.
local function found(name)
  local root, page = top(), ""
  if root ~= "." and name:sub(1, 1) ~= "/" then
    page = pandoc.path.make_relative(pandoc.system.get_working_directory(), root) .. "/"
  end
  local inside = settled(page .. name)
  if inside == nil then
    error("lorafig: '" .. name .. "' leads out of the project")
  end
  return pandoc.path.join({ root, inside })
end

-- What the SVG says to those who do not see it.
local function said(svg)
  local words = {}
  for _, tag in ipairs({ "title", "desc" }) do
    local text = svg:match("<" .. tag .. "[^>]*>([^<]*)</" .. tag .. ">")
    if text then
      table.insert(words, (text:gsub("&(#?%w+);", entities)))
    end
  end
  return table.concat(words, ". ")
end

function CodeBlock(block)
  if not block.classes:includes("lorafig") then
    return nil
  end
  local latex = FORMAT:match("latex") or FORMAT:match("beamer")
  local format = latex and "pdf" or "svg"
  local file = block.attributes.file
  local spec, input = file and found(file) or "-", file and "" or block.text
  local arguments = { "render", spec, "-f", format, "-o", "-", "--text", block.attributes.text or "paths" }
  if block.attributes.theme or not latex then
    table.insert(arguments, "--theme")
    table.insert(arguments, block.attributes.theme or "auto")
  end
  local data = lorafig(arguments, input)
  local name = "lorafig-" .. pandoc.sha1(data):sub(1, 16) .. "." .. format
  pandoc.mediabag.insert(name, latex and "application/pdf" or "image/svg+xml", data)
  local alt = block.attributes.alt
  if not alt then
    alt = latex and lorafig({ "describe", spec, "--alt" }, input):gsub("%s+$", "") or said(data)
  end
  local image = pandoc.Image(alt, name, "", { width = block.attributes.width })
  if block.attributes.caption then
    return pandoc.Figure(pandoc.Plain(image), { pandoc.Plain(block.attributes.caption) }, block.identifier)
  end
  return pandoc.Para(image)
end
