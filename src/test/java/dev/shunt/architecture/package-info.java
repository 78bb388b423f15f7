/** The layout as tests: the import table of the architecture, and fixtures that prove each rule able to fail. */
@NullMarked
package dev.shunt.architecture;

import org.jspecify.annotations.NullMarked;
