package dev.shunt.operations;

import dev.shunt.core.Role;
import dev.shunt.core.Roles;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Which roles this process has, and that it has no more. */
@Configuration(proxyBeanMethods = false)
class RolesConfiguration {

    static final String KEY = "shunt.roles";

    @Bean
    static Roles roles(Environment environment) {
        return roles(environment.getProperty(KEY, ""));
    }

    /** Static: it works before any configuration class is made. */
    @Bean
    static RoleFilter roleFilter(Environment environment) {
        return new RoleFilter(roles(environment));
    }

    @Bean
    MeterBinder roleMeters(Roles roles) {
        return meters -> {
            for (Role role : Role.values()) {
                Gauge.builder("shunt.role", () -> roles.has(role) ? 1 : 0)
                        .description("Roles of this instance")
                        .tag("role", role.word())
                        .register(meters);
            }
        };
    }

    /**
     * @param setting words separated by commas; blank means all
     * @throws WrongSettingException naming the word that is no role
     */
    static Roles roles(String setting) {
        if (setting.isBlank()) {
            return new Roles(EnumSet.allOf(Role.class));
        }
        Set<Role> named = EnumSet.noneOf(Role.class);
        for (String word : setting.split(",", -1)) {
            named.add(Arrays.stream(Role.values())
                    .filter(role -> role.word().equals(word.strip()))
                    .findFirst()
                    .orElseThrow(() -> new WrongSettingException(KEY, "'" + setting + "'", known())));
        }
        return new Roles(named);
    }

    private static String known() {
        return "one or more, separated by commas, of "
                + Arrays.stream(Role.values()).map(Role::word).collect(Collectors.joining(", "))
                + " (or not set: all of them)";
    }
}
