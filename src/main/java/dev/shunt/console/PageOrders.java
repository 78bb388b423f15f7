package dev.shunt.console;

import dev.shunt.console.StatusPages.Notice;
import dev.shunt.core.Epoch;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.rollout.Actor;
import dev.shunt.rollout.Rollback;
import dev.shunt.rollout.RolloutControl;
import dev.shunt.rollout.RolloutOperations;
import dev.shunt.rollout.RolloutOrder;
import dev.shunt.rollout.RolloutOutcome;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/** Takes what is ordered on the status page. {@link PageGuard} has seen to it that it was ordered there. */
@RestController
class PageOrders {

    private static final int LONGEST_REASON = 500;

    private final RolloutControl control;
    private final RolloutOperations operations;
    private final StatusPages pages;
    private final ReadParameters parameters;

    PageOrders(RolloutControl control, RolloutOperations operations, StatusPages pages, ReadParameters parameters) {
        this.control = control;
        this.operations = operations;
        this.pages = pages;
        this.parameters = parameters;
    }

    /** Never refused because of what was typed beside it; only where there is no legacy route any more. */
    @PostMapping("/console/rollback")
    ResponseEntity<String> rollback(
            @RequestParam("workload") String name,
            @RequestParam(name = "reason", defaultValue = "") String reason,
            HttpServletRequest request,
            HttpServletResponse response) {
        Workload workload = parameters.workload(name);
        Optional<String> nowhere = control.nowhereToGo(workload);
        if (nowhere.isPresent()) {
            return StatusPages.html(
                    HttpStatus.CONFLICT.value(),
                    pages.page(workload, FormToken.of(request, response), new Notice("Refused", nowhere.get(), false)));
        }
        String why = printable(reason);
        Rollback rollback = control.rollback(
                workload, actor(request), why.isEmpty() ? "ordered on the status page, without a reason" : why);
        pages.remember(rollback);
        return seeOther("/console/rollback", workload, rollback.id());
    }

    @PostMapping("/console/steps/{step}")
    ResponseEntity<String> step(
            @PathVariable("step") String step,
            @RequestParam("workload") String name,
            @RequestParam("epoch") long epoch,
            @RequestParam(name = "reason", defaultValue = "") String reason,
            @RequestParam(name = "override", defaultValue = "false") boolean override,
            HttpServletRequest request,
            HttpServletResponse response) {
        Workload workload = parameters.workload(name);
        Optional<Notice> refused;
        try {
            var order = new RolloutOrder(
                    workload, actor(request), printable(reason), Optional.of(new Epoch(epoch)), override);
            refused = refusal(take(step, order));
        } catch (UnavailableException away) {
            refused = Optional.of(
                    new Notice("Not known whether it is done", away.getMessage() + "; look again, then decide", false));
        } catch (IllegalArgumentException wrong) {
            refused = Optional.of(new Notice("Not done", String.valueOf(wrong.getMessage()), false));
        }
        pages.changed(workload);
        return refused.isEmpty()
                ? seeOther("/", workload, "")
                : StatusPages.html(
                        HttpStatus.CONFLICT.value(),
                        pages.page(workload, FormToken.of(request, response), refused.get()));
    }

    private RolloutOutcome take(String step, RolloutOrder order) {
        return switch (step) {
            case "start" -> operations.start(order);
            case "promote" -> operations.promote(order);
            case "hold" -> operations.hold(order);
            case "resume" -> operations.resume(order);
            case "complete" -> operations.complete(order);
            default -> throw ApiException.notFound("no such step; known: start, promote, hold, resume, complete");
        };
    }

    private static Optional<Notice> refusal(RolloutOutcome outcome) {
        return switch (outcome) {
            case RolloutOutcome.Applied applied -> Optional.empty();
            case RolloutOutcome.Refused refused ->
                Optional.of(new Notice("Refused", refused.why(), refused.overridable()));
            case RolloutOutcome.Overtaken overtaken -> {
                RolloutControl.Change theirs = overtaken.theirs();
                yield Optional.of(new Notice(
                        "Somebody was first",
                        theirs.changedBy() + " at " + PageWords.time(theirs.changedAt()) + ": " + theirs.reason()
                                + ", epoch " + theirs.epoch() + ". The page shows what is in force now",
                        false));
            }
        };
    }

    private static Actor actor(HttpServletRequest request) {
        try {
            return Actor.unverified(PageGuard.who(request));
        } catch (IllegalArgumentException unprintable) {
            return Actor.unverified("console");
        }
    }

    private static String printable(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON);
    }

    /** So that loading the page again orders nothing again. */
    private static ResponseEntity<String> seeOther(String path, Workload workload, String ordered) {
        var where = UriComponentsBuilder.fromPath(path).queryParam("workload", workload.name());
        if (!ordered.isEmpty()) {
            where.queryParam("ordered", ordered);
        }
        URI location = where.encode().build().toUri();
        return ResponseEntity.status(HttpStatus.SEE_OTHER).location(location).build();
    }
}
