//! Servers on the loopback: on the port that is asked for, or else on the usual one or any that is free.

use std::io;

use crate::cli::Stop;
use crate::serve::Server;
use crate::words::lang::Lang;

/// Starts a server.
///
/// # Errors
/// The port is taken, or nothing can be served there.
pub(super) fn started(
    port: Option<u16>,
    usual: u16,
    lang: Lang,
    start: impl Fn(u16) -> io::Result<Server>,
) -> Result<Server, Stop> {
    let started = match port {
        Some(port) => start(port),
        None => start(usual).or_else(|_| start(0)),
    };
    started.map_err(|error| {
        let port = port.unwrap_or(usual);
        let is_taken = error.kind() == io::ErrorKind::AddrInUse;
        Stop::wrong(lang.pick(
            if is_taken {
                format!("端口 {port} 已被占用；换一个，或不写 --port")
            } else {
                format!("不能在 127.0.0.1:{port} 提供页面：{error}")
            },
            if is_taken {
                format!("port {port} is taken; give another, or leave --port out")
            } else {
                format!("no page can be served at 127.0.0.1:{port}: {error}")
            },
        ))
    })
}
