package dev.shunt.console;

import java.util.Map;
import org.springframework.http.HttpStatus;

/** A request that cannot be served, with what to tell the client. */
final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final transient Map<String, Object> members;

    private ApiException(HttpStatus status, String message) {
        this(status, message, Map.of());
    }

    private ApiException(HttpStatus status, String message, Map<String, Object> members) {
        super(message);
        this.status = status;
        this.members = Map.copyOf(members);
    }

    /** @param message names the field */
    static ApiException badRequest(String message) {
        return new ApiException(HttpStatus.BAD_REQUEST, message);
    }

    static ApiException notFound(String message) {
        return new ApiException(HttpStatus.NOT_FOUND, message);
    }

    static ApiException conflict(String message) {
        return new ApiException(HttpStatus.CONFLICT, message);
    }

    /** @param members of the problem detail, for programs */
    static ApiException of(HttpStatus status, String message, Map<String, Object> members) {
        return new ApiException(status, message, members);
    }

    Map<String, Object> members() {
        return members;
    }

    HttpStatus status() {
        return status;
    }
}
