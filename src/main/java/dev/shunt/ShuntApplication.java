package dev.shunt;

import dev.shunt.cli.Commands;
import org.jspecify.annotations.NullMarked;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts Shunt. The only class at the root: everything else lives in a package with a job of its own. */
@NullMarked
@SpringBootApplication
public class ShuntApplication {

    public static void main(String[] args) {
        if (Commands.isCommand(args)) {
            System.exit(Commands.run(args));
        }
        SpringApplication.run(ShuntApplication.class, args);
    }
}
