-- Invariant: changes nothing. The answer is not much larger than the bytes that are asked for, however large the messages
-- are, and holds at least one message unless the list ends before it.
-- KEYS list   ARGV first index, how many at most, bytes after which no more are read
local found = {}
local from = tonumber(ARGV[1])
local last = from + tonumber(ARGV[2]) - 1
local room = tonumber(ARGV[3])
local step = 1
while from <= last and room > 0 do
  -- several at a time: one by one would walk down a long list for each; but as few as fit, by what was met so far
  local part = redis.call('LRANGE', KEYS[1], from, math.min(from + step - 1, last))
  if #part == 0 then
    break
  end
  local largest = 1
  for _, message in ipairs(part) do
    if room <= 0 then
      break
    end
    found[#found + 1] = message
    room = room - #message
    largest = math.max(largest, #message)
  end
  from = from + #part
  step = math.max(1, math.min(16, math.floor(room / largest)))
end
return found
