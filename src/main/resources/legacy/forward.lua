-- Invariants: a message leaves the processing list and enters the outside worker's list in one step, with its book entry;
-- only who still holds the message may do it; a copy of an item that is on its way, or registered, is not pushed again.
-- KEYS processing list, book, outside list, forwarded, ages, digests, registry, duplicates
-- ARGV for each: message in the list, key, entry, message to push, what is remembered, accepted (microseconds)
-- Answers FORWARDED, DUPLICATE or GONE for each; none of them is in the processing list any more.
local answers = {}
for i = 1, #ARGV, 6 do
  local key = ARGV[i + 1]
  local answer = 'GONE'
  if redis.call('LREM', KEYS[1], -1, ARGV[i]) == 1 then
    if redis.call('HEXISTS', KEYS[7], key) == 1 then
      redis.call('HINCRBY', KEYS[8], 'TEMPORAL', 1)
      answer = 'DUPLICATE'
    elseif redis.call('HEXISTS', KEYS[4], key) == 1 then
      redis.call('HINCRBY', KEYS[8], 'LEGACY', 1)
      answer = 'DUPLICATE'
    else
      redis.call('HSET', KEYS[2], key, ARGV[i + 2])
      redis.call('LPUSH', KEYS[3], ARGV[i + 3])
      redis.call('HSET', KEYS[4], key, ARGV[i + 4])
      redis.call('ZADD', KEYS[5], ARGV[i + 5], key)
      redis.call('HSET', KEYS[6], string.sub(ARGV[i + 4], 1, 16), key)
      answer = 'FORWARDED'
    end
  end
  answers[#answers + 1] = answer
end
return answers
