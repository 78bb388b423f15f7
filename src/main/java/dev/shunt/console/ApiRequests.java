package dev.shunt.console;

import dev.shunt.core.InRoles;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Requests under {@code /api/v1} that reach no controller: unknown path, wrong method, wrong media type. Other paths
 * keep the answers that they have.
 */
@InRoles
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ApiRequests {

    @ExceptionHandler({
        NoResourceFoundException.class,
        HttpRequestMethodNotSupportedException.class,
        HttpMediaTypeNotSupportedException.class,
        HttpMediaTypeNotAcceptableException.class
    })
    ResponseEntity<ProblemDetail> notServed(Exception e, HttpServletRequest request) throws Exception {
        if (e instanceof ErrorResponse known && request.getRequestURI().startsWith("/api/v1")) {
            return ResponseEntity.status(known.getStatusCode())
                    .headers(known.getHeaders())
                    .body(known.getBody());
        }
        throw e; // thrown again, Spring goes on as if nobody had looked
    }
}
