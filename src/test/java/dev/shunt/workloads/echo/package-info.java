/**
 * A second, tiny workload: keeps a text under an id; one whose text is {@code wait} waits for the signal {@code go}. It
 * shows that a workload is one package and one block of configuration, and keeps the core honest.
 */
@NullMarked
package dev.shunt.workloads.echo;

import org.jspecify.annotations.NullMarked;
