package dev.shunt.core;

import java.time.Duration;
import java.util.Optional;

/**
 * Bodies that are too large to travel with their workflow. A body is the full stamped message. It is kept until its item
 * has been settled for as long as histories are kept; until then the registry holds the same message, so that a body can
 * be written again at any time.
 */
public interface ClaimedBodies {

    /**
     * Keeps a body, once for each message however often it is called and however it is stamped; a call for a body that is there makes it as young as a new one.
     *
     * @param within longest time the caller waits
     * @throws UnavailableException if it was not known to be kept within that time; it may be kept nevertheless
     */
    Claim keep(Workload workload, ItemKey key, byte[] body, Duration within);

    /**
     * The bytes that are kept under a claim; whether they still are what was claimed is for the caller to check.
     *
     * @throws UnavailableException if they cannot be asked for
     */
    Optional<byte[]> find(Workload workload, ItemKey key, Claim claim);
}
