"""Speed, shown beside a peer or a limit in the same run, as a ratio: `./dev bench NAME`."""
