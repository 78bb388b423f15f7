/**
 * The Redis route: the list that producers push to, its consumers with tap and reaper, the dead-letter list, and the
 * acceptance book and registry. Every step that moves an item is one Lua script that states what it keeps.
 */
@ApplicationModule(allowedDependencies = "core")
@NullMarked
package dev.shunt.legacy;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
