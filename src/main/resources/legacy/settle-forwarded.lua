-- Invariant: book and memory of a forwarded item are forgotten together; an item that was registered for Temporal
-- meanwhile keeps its book entry.
-- KEYS book, forwarded, ages, digests   ARGV keys
local settled = 0
for _, key in ipairs(ARGV) do
  local remembered = redis.call('HGET', KEYS[2], key)
  if remembered then
    local digest = string.sub(remembered, 1, 16)
    if redis.call('HGET', KEYS[4], digest) == key then
      redis.call('HDEL', KEYS[4], digest)
    end
    redis.call('HDEL', KEYS[2], key)
    redis.call('ZREM', KEYS[3], key)
    if string.match(redis.call('HGET', KEYS[1], key) or '', '^LEGACY') then
      redis.call('HDEL', KEYS[1], key)
    end
    settled = settled + 1
  end
end
return {settled}
