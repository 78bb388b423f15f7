package dev.shunt.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A backend that a step needs is away. The step may have happened; it is safe to repeat. */
public final class UnavailableException extends RuntimeException {

    private final Duration retryAfter;

    /**
     * @param message which backend, during what
     * @param retryAfter when it is worth trying again
     */
    public UnavailableException(String message, Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
