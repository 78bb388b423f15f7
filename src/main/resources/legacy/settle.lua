-- Invariant: book and registry forget an item together.
-- KEYS book, registry, age   ARGV keys
for _, key in ipairs(ARGV) do
  redis.call('HDEL', KEYS[1], key)
  redis.call('HDEL', KEYS[2], key)
  redis.call('ZREM', KEYS[3], key)
end
return {#ARGV}
