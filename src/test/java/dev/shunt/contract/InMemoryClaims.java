package dev.shunt.contract;

import dev.shunt.core.Claim;
import dev.shunt.core.ClaimedBodies;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Workload;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Claimed bodies in a map that a test can look into and spoil. */
public final class InMemoryClaims implements ClaimedBodies {

    public final Map<Claim, byte[]> kept = new ConcurrentHashMap<>();

    @Override
    public Claim keep(Workload workload, ItemKey key, byte[] body, Duration within) {
        Claim claim = Claim.of(body);
        kept.putIfAbsent(claim, body.clone());
        return claim;
    }

    @Override
    public Optional<byte[]> find(Workload workload, ItemKey key, Claim claim) {
        return Optional.ofNullable(kept.get(claim));
    }
}
