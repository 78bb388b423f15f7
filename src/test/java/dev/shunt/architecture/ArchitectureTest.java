package dev.shunt.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.shunt.ShuntApplication;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.modulith.core.ApplicationModules;

class ArchitectureTest {

    private static final String BAD = "dev.shunt.architecture.bad";
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.shunt");
    private static final JavaClasses ECHO = new ClassFileImporter().importPackages("dev.shunt.workloads.echo");
    private static final JavaClasses FIXTURES = new ClassFileImporter().importPackages(BAD);

    static Stream<String> rows() {
        return StreamSupport.stream(ImportTable.packages().spliterator(), false);
    }

    @Test
    void every_module_uses_only_the_modules_it_declares_and_there_is_no_cycle() {
        ApplicationModules.of(ShuntApplication.class).verify();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_package_uses_only_what_its_row_of_the_import_table_allows(String name) {
        ImportTable.rule("dev.shunt", name).check(PRODUCT);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void each_row_of_the_import_table_rejects_its_bad_fixture(String name) {
        assertRejects(ImportTable.rule(BAD, name));
    }

    @Test
    void a_workload_knows_no_other_workload_and_no_framework() {
        ImportTable.workloads("dev.shunt", "trace").check(PRODUCT);
        assertRejects(ImportTable.workloads(BAD, "one"));
    }

    @Test
    void the_second_workload_needs_nothing_but_its_own_package() {
        assertThat(ECHO).isNotEmpty();
        ImportTable.workloads("dev.shunt", "echo").check(ECHO);
    }

    @Test
    void the_core_knows_no_workload() {
        LayoutRules.CORE_KNOWS_NO_WORKLOAD.check(PRODUCT);
        assertRejects(LayoutRules.CORE_KNOWS_NO_WORKLOAD);
    }

    @Test
    void there_is_no_attic() {
        LayoutRules.NO_ATTIC.check(PRODUCT);
        assertRejects(LayoutRules.NO_ATTIC);
    }

    @Test
    void only_the_application_stands_at_the_root() {
        LayoutRules.onlyAtTheRoot("dev.shunt", "ShuntApplication").check(PRODUCT);
        assertRejects(LayoutRules.onlyAtTheRoot(BAD, "ShuntApplication"));
    }

    private static void assertRejects(ArchRule rule) {
        assertThatThrownBy(() -> rule.check(FIXTURES)).isInstanceOf(AssertionError.class);
    }
}
