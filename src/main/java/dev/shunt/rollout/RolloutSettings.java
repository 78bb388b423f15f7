package dev.shunt.rollout;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Rollouts, {@code shunt.rollout.*}.
 *
 * @param recallOnRollback whether a rollback also takes back what is on Temporal already; otherwise it finishes there
 */
@ConfigurationProperties("shunt.rollout")
record RolloutSettings(@DefaultValue("false") boolean recallOnRollback) {}
