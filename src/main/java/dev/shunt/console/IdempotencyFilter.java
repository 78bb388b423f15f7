package dev.shunt.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.UnavailableException;
import dev.shunt.rollout.IdempotencyKeys;
import dev.shunt.rollout.IdempotencyKeys.Answer;
import dev.shunt.rollout.IdempotencyKeys.Known;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * An order with an {@code Idempotency-Key} is carried out once: sent again, it gets the same answer. Faults of ours are
 * not kept. A rollback and a recall are taken without it when keys cannot be looked up.
 */
final class IdempotencyFilter extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(IdempotencyFilter.class);

    static final String HEADER = "Idempotency-Key";
    static final String REPLAYED = "Idempotency-Replayed";
    private static final int LONGEST_KEY = 128;
    private static final int LARGEST_BODY = 65_536;
    private static final List<String> KEPT = List.of("Content-Type", "ETag");

    private final IdempotencyKeys keys;

    IdempotencyFilter(IdempotencyKeys keys) {
        this.keys = keys;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getMethod().equals("POST") || request.getHeader(HEADER) == null;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String key = request.getHeader(HEADER);
        if (key.isEmpty() || key.length() > LONGEST_KEY || key.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            ApiGuard.refuse(
                    response, 400, "Bad Request", HEADER + " must be 1.." + LONGEST_KEY + " visible ASCII characters");
            return;
        }
        byte[] body = request.getInputStream().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            ApiGuard.refuse(
                    response, 413, "Content Too Large", "the body must have at most " + LARGEST_BODY + " bytes");
            return;
        }
        var again = new RereadableRequest(request, body);
        Known known;
        try {
            known = keys.begin(key, fingerprint(request, body));
        } catch (UnavailableException away) {
            withoutKeys(again, response, chain, away);
            return;
        }
        switch (known) {
            case Known.Fresh fresh -> carryOut(key, again, response, chain);
            case Known.Answered answered -> replay(answered.answer(), response);
            case Known.Busy busy ->
                ApiGuard.refuse(response, 409, "Conflict", "the order with this " + HEADER + " is being carried out");
            case Known.Other other ->
                ApiGuard.refuse(
                        response,
                        422,
                        "Unprocessable Content",
                        "this " + HEADER + " came with another order before; use a new one for each order");
        }
    }

    private static void withoutKeys(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain, UnavailableException away)
            throws ServletException, IOException {
        String path = request.getRequestURI();
        if (path.endsWith("/rollback") || path.endsWith("/recall")) {
            log.warn("{} is carried out without its {}: {}.", path, HEADER, away.getMessage());
            chain.doFilter(request, response);
        } else {
            response.setHeader(
                    "Retry-After", Long.toString(Math.max(1, away.retryAfter().toSeconds())));
            ApiGuard.refuse(response, 503, "Service Unavailable", "idempotency keys cannot be looked up now");
        }
    }

    private void carryOut(String key, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var answer = new ContentCachingResponseWrapper(response);
        boolean answered = false;
        try {
            chain.doFilter(request, answer);
            answered = answer.getStatus() < 500;
        } finally {
            remember(key, answered ? answer : null);
        }
        answer.copyBodyToResponse();
    }

    private void remember(String key, @Nullable ContentCachingResponseWrapper answer) {
        try {
            if (answer == null) {
                keys.forget(key);
                return;
            }
            String headers = KEPT.stream()
                    .filter(name -> answer.getHeader(name) != null)
                    .map(name -> name + ": " + answer.getHeader(name))
                    .collect(Collectors.joining("\n"));
            keys.finish(key, new Answer(answer.getStatus(), headers, answer.getContentAsByteArray()));
        } catch (UnavailableException away) {
            log.warn(
                    "The answer to an order could not be kept: {}. Its key is free again in a minute.",
                    away.getMessage());
        }
    }

    private static void replay(Answer answer, HttpServletResponse response) throws IOException {
        response.setStatus(answer.status());
        answer.headers().lines().forEach(line -> {
            int colon = line.indexOf(": ");
            response.setHeader(line.substring(0, colon), line.substring(colon + 2));
        });
        response.setHeader(REPLAYED, "true");
        response.getOutputStream().write(answer.body());
    }

    /** Everything that an order is made of: for another version of the flag it is another order. */
    private static String fingerprint(HttpServletRequest request, byte[] body) {
        String order = String.join(
                "\n",
                request.getMethod(),
                request.getRequestURI(),
                String.valueOf(request.getQueryString()),
                String.valueOf(request.getHeader("If-Match")));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((order + "\n").getBytes(UTF_8));
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException("this Java has no SHA-256", everyJavaHasIt);
        }
    }
}
