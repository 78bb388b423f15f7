package dev.shunt.console;

import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The status page: where the rollout of a workload stands, and the way back. It answers whatever is away. */
@RestController
class PageController {

    private final StatusPages pages;
    private final WorkloadCatalog catalog;
    private final ReadParameters parameters;

    PageController(StatusPages pages, WorkloadCatalog catalog, ReadParameters parameters) {
        this.pages = pages;
        this.catalog = catalog;
        this.parameters = parameters;
    }

    @GetMapping("/")
    ResponseEntity<String> page(
            @RequestParam(name = "workload", required = false) @Nullable String name,
            HttpServletRequest request,
            HttpServletResponse response) {
        return StatusPages.html(200, pages.page(workload(name), FormToken.of(request, response), null));
    }

    /** What changes on the page, without what is around it. */
    @GetMapping("/console/figures")
    ResponseEntity<String> figures(
            @RequestParam(name = "workload", required = false) @Nullable String name,
            HttpServletRequest request,
            HttpServletResponse response) {
        return StatusPages.html(200, pages.figures(workload(name), FormToken.of(request, response)));
    }

    /** How far the last rollback has come. */
    @GetMapping("/console/rollback")
    ResponseEntity<String> rollback(
            @RequestParam(name = "workload", required = false) @Nullable String name,
            @RequestParam(name = "ordered", required = false) @Nullable String ordered,
            HttpServletRequest request,
            HttpServletResponse response) {
        return StatusPages.html(200, pages.proof(workload(name), ordered, FormToken.of(request, response)));
    }

    private Workload workload(@Nullable String name) {
        List<Workload> known = StatusPages.sorted(catalog);
        return name == null || name.isBlank() ? known.getFirst() : parameters.workload(name);
    }
}
