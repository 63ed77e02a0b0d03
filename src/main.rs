//! The program: everything it does stands in `cli`.

fn main() -> std::process::ExitCode {
    earful::cli::main()
}
