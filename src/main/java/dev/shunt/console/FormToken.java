package dev.shunt.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/**
 * Ties a form to the browser that was given it: the same random text in a cookie, which no other site can read or send,
 * and in the form. Kept nowhere else, so that an open page can order from an instance that was started after it.
 */
final class FormToken {

    static final String NAME = "shunt-form";

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");
    private static final Duration KEPT = Duration.ofDays(30);
    private static final SecureRandom RANDOM = new SecureRandom();

    private FormToken() {}

    /** What the browser has already, else a new one that it is given with this answer. */
    static String of(HttpServletRequest request, HttpServletResponse response) {
        String known = cookie(request);
        if (known != null) {
            return known;
        }
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        String made = HexFormat.of().formatHex(random);
        var cookie = ResponseCookie.from(NAME, made)
                .httpOnly(true)
                .sameSite("Lax")
                .secure(request.isSecure())
                .path("/")
                .maxAge(KEPT)
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
        return made;
    }

    static boolean matches(HttpServletRequest request) {
        String known = cookie(request);
        String sent = request.getParameter(NAME);
        return known != null && sent != null && MessageDigest.isEqual(known.getBytes(UTF_8), sent.getBytes(UTF_8));
    }

    private static @Nullable String cookie(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(NAME)
                        && FORM.matcher(cookie.getValue()).matches()) {
                    return cookie.getValue();
                }
            }
        }
        return null;
    }
}
