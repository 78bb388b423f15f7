package dev.shunt.operations;

import dev.shunt.core.InRoles;
import dev.shunt.core.Role;
import dev.shunt.core.Roles;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.type.MethodMetadata;
import org.springframework.util.ClassUtils;

/**
 * Leaves out what none of this process's roles wants, before anything is made. The one place where roles are decided:
 * parts only say with {@link InRoles} where they are wanted. Settings stay, so that a wrong one stops the start everywhere.
 */
final class RoleFilter implements BeanDefinitionRegistryPostProcessor {

    private static final String OURS = "dev.shunt.";

    private final Roles roles;

    RoleFilter(Roles roles) {
        this.roles = roles;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        for (String name : registry.getBeanDefinitionNames()) {
            boolean wanted = wantedIn(registry.getBeanDefinition(name))
                    .map(roles::hasAny)
                    .orElse(true);
            if (!wanted) {
                registry.removeBeanDefinition(name);
            }
        }
    }

    private static Optional<Set<Role>> wantedIn(BeanDefinition definition) {
        MethodMetadata method =
                definition instanceof AnnotatedBeanDefinition annotated ? annotated.getFactoryMethodMetadata() : null;
        if (method != null && method.isAnnotated(InRoles.class.getName())) {
            return Optional.of(EnumSet.copyOf(
                    Arrays.asList(method.getAnnotations().get(InRoles.class).getEnumArray("value", Role.class))));
        }
        String type = method == null ? definition.getBeanClassName() : method.getDeclaringClassName();
        return type == null || !type.startsWith(OURS) ? Optional.empty() : wantedIn(type);
    }

    private static Optional<Set<Role>> wantedIn(String type) {
        Class<?> found = ClassUtils.resolveClassName(type, RoleFilter.class.getClassLoader());
        if (found.isAnnotationPresent(ConfigurationProperties.class)) {
            return Optional.empty();
        }
        @Nullable InRoles nearest = found.getAnnotation(InRoles.class);
        if (nearest == null) {
            nearest = found.getPackage().getAnnotation(InRoles.class);
        }
        return Optional.ofNullable(nearest).map(one -> EnumSet.copyOf(Arrays.asList(one.value())));
    }
}
