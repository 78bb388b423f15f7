package dev.shunt.core;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Where a part of Shunt is wanted: a process that has none of these roles is put together without it. The nearest one
 * counts: on the method that makes the part, else on the class, else on the package. What has none is wanted everywhere.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.PACKAGE})
public @interface InRoles {

    /** Any of these; without a value, every role. */
    Role[] value() default {Role.INGEST, Role.LEGACY_CONSUMER, Role.TEMPORAL_WORKER, Role.CONTROLLER, Role.CONSOLE};
}
