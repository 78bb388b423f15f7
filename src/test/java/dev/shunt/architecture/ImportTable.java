package dev.shunt.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Who may use whose classes: own packages, and third parties. The table of docs/architecture.md; a class outside it
 * breaks the build.
 */
final class ImportTable {

    private static final List<String> EVERYWHERE = List.of("java..", "javax.crypto..", "org.jspecify..", "org.slf4j..");
    private static final List<String> SPRING = List.of(
            "org.springframework.context..",
            "org.springframework.boot..",
            "org.springframework.beans..",
            "org.springframework.core..",
            "org.springframework.stereotype..",
            "org.springframework.util..",
            "org.springframework.modulith..",
            "io.micrometer..",
            "jakarta.annotation..");
    private static final List<String> JDBC = List.of(
            "javax.sql..",
            "org.springframework.jdbc..",
            "org.springframework.dao..",
            "org.springframework.transaction..",
            "org.postgresql..");
    private static final List<String> WEB = List.of(
            "org.springframework.web..",
            "org.springframework.http..",
            "jakarta.servlet..",
            "tools.jackson..",
            "com.fasterxml.jackson.annotation..");

    private static final Map<String, Row> ROWS = new TreeMap<>();

    /** One package: which of our packages and which third parties it may use besides what everybody may. */
    private record Row(List<String> own, List<String> thirdParties) {}

    static {
        row("core", List.of(), List.of("org.springframework.modulith.."));
        row("routing", List.of("core"), List.of("org.ff4j.."), SPRING, JDBC);
        row("store", List.of("core"), List.of("org.flywaydb..", "com.zaxxer.hikari.."), SPRING, JDBC);
        row("intake", List.of("core", "routing"), List.of(), SPRING, WEB);
        row(
                "legacy",
                List.of("core"),
                List.of("io.lettuce..", "io.netty..", "reactor..", "io.github.resilience4j..", "javax.net.."),
                SPRING);
        row(
                "temporal",
                List.of("core"),
                List.of(
                        "io.temporal..",
                        "io.grpc..",
                        "com.google.protobuf..",
                        "com.uber.m3..",
                        "javax.net..", // TLS to a server that wants it
                        "io.github.resilience4j.."),
                SPRING);
        row("comparison", List.of("core", "store"), List.of("org.HdrHistogram.."), SPRING);
        row("rollout", List.of("core", "routing", "comparison", "store"), List.of(), SPRING, JDBC);
        row("console", List.of("core", "routing", "comparison", "rollout"), List.of("org.thymeleaf.."), SPRING, WEB);
    }

    private ImportTable() {}

    @SafeVarargs
    private static void row(String name, List<String> own, List<String> third, List<String>... more) {
        List<String> all = new ArrayList<>(third);
        for (List<String> some : more) {
            all.addAll(some);
        }
        ROWS.put(name, new Row(own, all));
    }

    static Iterable<String> packages() {
        return ROWS.keySet();
    }

    /**
     * The rule for one row.
     *
     * @param base {@code dev.shunt}, or the package of fixtures laid out the same way
     */
    static ArchRule rule(String base, String name) {
        Row row = Objects.requireNonNull(ROWS.get(name), () -> "no row for " + name);
        List<String> allowed = new ArrayList<>(EVERYWHERE);
        allowed.addAll(row.thirdParties());
        allowed.add(base + "." + name + "..");
        row.own().forEach(own -> {
            allowed.add(base + "." + own + "..");
            allowed.add("dev.shunt." + own + "..");
        });
        return ArchRuleDefinition.classes()
                .that()
                .resideInAPackage(base + "." + name + "..")
                .should()
                .onlyDependOnClassesThat(resideIn(allowed))
                .as(name + " uses only " + row.own() + " and its third parties");
    }

    /** A workload may know core, store, Jackson, plain SQL and the authoring API of Temporal; never another workload. */
    static ArchRule workloads(String base, String workload) {
        List<String> allowed = new ArrayList<>(EVERYWHERE);
        allowed.addAll(SPRING);
        allowed.addAll(List.of(
                "javax.sql..",
                "tools.jackson..",
                "com.fasterxml.jackson.annotation..",
                "io.temporal.workflow..",
                "io.temporal.activity..",
                "io.temporal.common..",
                "io.temporal.failure..",
                "io.temporal.api.common.v1..", // the payload inside a RawValue
                "com.google.protobuf..",
                "dev.shunt.core..",
                "dev.shunt.store..",
                base + ".workloads." + workload + ".."));
        return ArchRuleDefinition.classes()
                .that()
                .resideInAPackage(base + ".workloads." + workload + "..")
                .should()
                .onlyDependOnClassesThat(resideIn(allowed))
                .as("workload " + workload + " knows core, store and no other workload");
    }

    private static DescribedPredicate<JavaClass> resideIn(List<String> packages) {
        return JavaClass.Predicates.resideInAnyPackage(packages.toArray(String[]::new))
                .or(DescribedPredicate.describe("are primitives or arrays of them", ImportTable::isPrimitive));
    }

    private static boolean isPrimitive(JavaClass type) {
        return type.getBaseComponentType().isPrimitive();
    }
}
