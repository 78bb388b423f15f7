package dev.shunt;

import org.jspecify.annotations.NullMarked;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts Shunt. The only class at the root: everything else lives in a package with a job of its own. */
@NullMarked
@SpringBootApplication
public class ShuntApplication {

    public static void main(String[] args) {
        SpringApplication.run(ShuntApplication.class, args);
    }
}
