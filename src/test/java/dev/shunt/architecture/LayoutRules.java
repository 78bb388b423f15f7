package dev.shunt.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;

/** Rules on names and places that hold for every package. */
final class LayoutRules {

    static final ArchRule CORE_KNOWS_NO_WORKLOAD = noClasses()
            .that()
            .resideInAPackage("..core..")
            .should()
            .haveNameMatching(".*Trace.*")
            .as("no class of the core has Trace in its name");

    static final ArchRule NO_ATTIC = noClasses()
            .should()
            .resideInAnyPackage(
                    "..util..",
                    "..utils..",
                    "..common..",
                    "..helper..",
                    "..helpers..",
                    "..misc..",
                    "..dto..",
                    "..model..")
            .as("there is no attic package");

    private LayoutRules() {}

    /** Only the application class stands at the root. */
    static ArchRule onlyAtTheRoot(String base, String name) {
        return classes()
                .that()
                .resideInAPackage(base)
                .and()
                .doNotHaveSimpleName("package-info")
                .should()
                .haveSimpleName(name)
                .as("only " + name + " stands at the root");
    }
}
