package dev.shunt.architecture.bad.rollout;

import io.lettuce.core.RedisClient;

/** Imports what this package must not know. */
record KnowsRedis(RedisClient forbidden) {}
