package dev.shunt.console;

import dev.shunt.core.Epoch;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.rollout.RolloutControl;
import dev.shunt.rollout.RolloutOrder;
import dev.shunt.rollout.RolloutOutcome;
import dev.shunt.rollout.RolloutOutcome.Applied;
import dev.shunt.rollout.RolloutOutcome.Overtaken;
import dev.shunt.rollout.RolloutOutcome.Refused;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Makes orders of requests, and answers or problem details of what became of them. */
@Component
final class RolloutOrders {

    private static final Logger log = LoggerFactory.getLogger(RolloutOrders.class);
    private static final Pattern ETAG = Pattern.compile("\"(\\d{1,18})\"");

    private final RolloutControl control;
    private final RolloutViews views;

    RolloutOrders(RolloutControl control, RolloutViews views) {
        this.control = control;
        this.views = views;
    }

    /**
     * @param ifMatch of the header; {@code *} for any version
     * @throws ApiException 428 without it
     */
    RolloutOrder order(Workload workload, String actor, @Nullable String ifMatch, RolloutRequest request) {
        Optional<Epoch> expected = expected(workload, ifMatch);
        boolean override = request.flag("override");
        try {
            return new RolloutOrder(workload, Actors.of(actor), request.reason(), expected, override);
        } catch (IllegalArgumentException wrong) {
            throw ApiException.badRequest(String.valueOf(wrong.getMessage()));
        }
    }

    /** The answer to what is in force, with its version as the tag. */
    ResponseEntity<RolloutView.Changed> answer(RolloutOrder order, RolloutOutcome outcome) {
        return switch (outcome) {
            case Applied applied -> {
                RolloutView.Changed changed = views.changed(order.workload(), applied);
                yield ResponseEntity.ok().eTag("\"" + changed.epoch() + "\"").body(changed);
            }
            case Refused refused -> throw refused(refused);
            case Overtaken overtaken -> throw overtaken(overtaken.theirs());
        };
    }

    /**
     * The version of the flag that an order is for.
     *
     * @param ifMatch the header: the epoch in quotes, or {@code *} for any
     * @return empty: any
     * @throws ApiException 428 without it, naming the epoch in force; 400 if it is neither
     */
    Optional<Epoch> expected(Workload workload, @Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.isBlank()) {
            long epoch = control.obeyed(workload).value();
            throw ApiException.of(
                    HttpStatus.PRECONDITION_REQUIRED,
                    "send the header If-Match with the epoch that you have seen, If-Match: \"" + epoch
                            + "\" for the one in force, or * for any",
                    Map.of("epoch", epoch));
        }
        if (ifMatch.strip().equals("*")) {
            return Optional.empty();
        }
        Matcher tag = ETAG.matcher(ifMatch.strip());
        if (!tag.matches()) {
            throw ApiException.badRequest("header If-Match must be one epoch in quotes, for example \"7\", or *");
        }
        return Optional.of(new Epoch(Long.parseLong(tag.group(1))));
    }

    /**
     * Lets an order pass that changes no flag and must do without Postgres.
     *
     * @throws ApiException 428 without the header; 412 if it names a version that is not in force, with who changed it where
     *     that can be read
     */
    void mustBeInForce(Workload workload, @Nullable String ifMatch) {
        Optional<Epoch> expected = expected(workload, ifMatch);
        if (expected.isEmpty() || control.isInForce(workload, expected.get())) {
            return;
        }
        List<RolloutControl.Change> latest;
        try {
            latest = control.history(workload, 1);
        } catch (UnavailableException away) {
            log.debug("Who changed the flag of {} cannot be told: {}", workload, away.toString());
            latest = List.of();
        }
        throw latest.isEmpty() ? notInForce(control.obeyed(workload)) : overtaken(latest.getFirst());
    }

    private static ApiException notInForce(Epoch inForce) {
        return ApiException.of(
                HttpStatus.PRECONDITION_FAILED,
                "epoch " + inForce + " is in force; who changed it cannot be read now. Send this one, or * for any",
                Map.of("epoch", inForce.value()));
    }

    private static ApiException refused(Refused refused) {
        String why = refused.why();
        String end = why.endsWith(".") ? " " : ". ";
        String wayOut = refused.overridable()
                ? end + "To go on all the same, send override: true and a reason of at least "
                        + RolloutOrder.SHORTEST_OVERRIDE + " characters"
                : "";
        return ApiException.of(HttpStatus.CONFLICT, why + wayOut, Map.of("overridable", refused.overridable()));
    }

    /** Why nothing was done: somebody else's change is in force. */
    static ApiException overtaken(RolloutControl.Change theirs) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("epoch", theirs.epoch());
        members.put("change", RolloutView.ChangeView.of(theirs));
        return ApiException.of(
                HttpStatus.PRECONDITION_FAILED,
                "somebody was first: " + theirs.changedBy() + " changed " + shown(theirs.from()) + " to "
                        + shown(theirs.to()) + " at " + theirs.changedAt() + " (" + theirs.reason()
                        + "), epoch " + theirs.epoch() + ". Read it again, then decide",
                members);
    }

    private static String shown(RolloutControl.@Nullable Version version) {
        if (version == null) {
            return "no flag";
        }
        return version.percentage() + (version.enabled() ? "" : " (off)");
    }
}
