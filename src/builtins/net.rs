//! IP addresses and blocks of them, version 4 and 6 alike.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::support::{Answer, invalid, room, text_list, texts};
use crate::diagnostic::Code;
use crate::text::quoted;
use crate::value::{Evaluator, Fault, Value};

table! {
    "isIP" ["bare" "lib" "lib.net"] "String -> Bool"
        "whether a text is an IP address"
        ""
        { "isIP \"10.0.0.1\"" => "true" "isIP \"10.0.0\"" => "false" }
        |ev, text| Ok(Value::Bool(ev.string(text)?.parse::<IpAddr>().is_ok()));
    "isIPv4" ["bare" "lib" "lib.net"] "String -> Bool"
        "whether a text is an IPv4 address"
        ""
        { "isIPv4 \"10.0.0.1\"" => "true" "isIPv4 \"::1\"" => "false" }
        |ev, text| Ok(Value::Bool(ev.string(text)?.parse::<Ipv4Addr>().is_ok()));
    "isIPv6" ["bare" "lib" "lib.net"] "String -> Bool"
        "whether a text is an IPv6 address"
        ""
        { "isIPv6 \"fd00::1\"" => "true" "isIPv6 \"10.0.0.1\"" => "false" }
        |ev, text| Ok(Value::Bool(ev.string(text)?.parse::<Ipv6Addr>().is_ok()));
    "isCidr" ["bare" "lib" "lib.net"] "String -> Bool"
        "whether a text is an address block with a prefix length"
        ""
        { "isCidr \"10.0.0.0/8\"" => "true" "isCidr \"10.0.0.0/33\"" => "false" }
        |ev, text| Ok(Value::Bool(ev.string(text)?.parse::<IpNet>().is_ok()));
    "normalizeIP" ["bare" "lib" "lib.net"] "String -> String"
        "an address in its shortest form"
        ""
        { "normalizeIP \"FD00:0:0::0001\"" => "\"fd00::1\"" "normalizeIP \"10.0.0.999\"" => "error: invalid-value" }
        |ev, text| Ok(Value::string(address(&ev.string(text)?)?.to_string()));
    "compareAddresses" ["bare" "lib" "lib.net"] "String -> String -> Int"
        "the order of two addresses by their value: -1, 0 or 1"
        "IPv4 comes before IPv6."
        { "compareAddresses \"10.0.0.9\" \"10.0.0.10\"" => "-1" "compareAddresses \"::1\" \"10.0.0.1\"" => "1" }
        |ev, left, right| {
            let (left, right) = (ev.string(left)?, ev.string(right)?);
            Ok(Value::Int(address(&left)?.cmp(&address(&right)?) as i64))
        };
    "sortAddresses" ["bare" "lib" "lib.net"] "[String] -> [String]"
        "addresses in the order of their values"
        ""
        { "sortAddresses [ \"10.0.0.10\" \"10.0.0.9\" ]" => "[\"10.0.0.9\",\"10.0.0.10\"]" "sortAddresses [ \"fd00::1\" \"10.0.0.1\" ]" => "[\"10.0.0.1\",\"fd00::1\"]" }
        |ev, list| {
            let mut sorted = Vec::new();
            for text in texts(ev, list)? {
                sorted.push((address(&text)?, text));
            }
            sorted.sort_by_key(|(address, _)| *address);
            Ok(text_list(sorted.into_iter().map(|(_, text)| text)))
        };
    "cidrContains" ["bare" "lib" "lib.net"] "String -> String -> Bool"
        "whether a block contains an address or another block"
        "The containing block comes first, so that `filter (cidrContains \"10.0.0.0/8\")` works."
        { "cidrContains \"10.0.0.0/8\" \"10.1.2.3\"" => "true" "cidrContains \"10.0.0.0/8\" \"10.0.0.0/7\"" => "false" }
        |ev, outer, inner| {
            let (outer, inner) = (ev.string(outer)?, ev.string(inner)?);
            Ok(Value::Bool(block_of(&outer, 0)?.contains(&block_of(&inner, 1)?)))
        };
    "cidrOverlaps" ["bare" "lib" "lib.net"] "String -> String -> Bool"
        "whether two blocks have an address in common"
        ""
        { "cidrOverlaps \"10.0.0.0/8\" \"10.1.0.0/16\"" => "true" "cidrOverlaps \"10.0.0.0/16\" \"10.1.0.0/16\"" => "false" }
        |ev, left, right| {
            let (left, right) = (ev.string(left)?, ev.string(right)?);
            let (left, right) = (block_of(&left, 0)?, block_of(&right, 1)?);
            Ok(Value::Bool(left.contains(&right) || right.contains(&left)))
        };
    "cidrHost" ["bare" "lib" "lib.net"] "String -> Int -> String"
        "the address at a place in a block, counted from 0"
        "A negative number counts from the end."
        { "cidrHost \"10.0.0.0/24\" 5" => "\"10.0.0.5\"" "cidrHost \"10.0.0.0/24\" (-1)" => "\"10.0.0.255\"" "cidrHost \"10.0.0.0/24\" 256" => "error: missing-element" }
        |ev, text, number| {
            let (text, number) = (ev.string(text)?, ev.int(number)?);
            match host(&block_of(&text, 0)?, number) {
                Some(address) => Ok(Value::string(address.to_string())),
                None => Err(ev.fault(Code::MissingElement, format!("the block `{text}` has no address at place {number}")).of_argument(1)),
            }
        };
    "cidrSubnets" ["bare" "lib" "lib.net"] "String -> Int -> [String]"
        "the blocks of a longer prefix into which a block falls"
        ""
        { "cidrSubnets \"10.0.0.0/23\" 24" => "[\"10.0.0.0/24\",\"10.0.1.0/24\"]" "cidrSubnets \"10.0.0.0/24\" 23" => "error: invalid-value" }
        |ev, text, length| {
            let (text, length) = (ev.string(text)?, ev.int(length)?);
            subnets(ev, &text, length)
        };
    "cidrNetwork" ["bare" "lib" "lib.net"] "String -> String"
        "the first address of a block"
        ""
        { "cidrNetwork \"10.1.2.3/16\"" => "\"10.1.0.0\"" "cidrNetwork \"fd00::1/64\"" => "\"fd00::\"" }
        |ev, text| Ok(Value::string(block(&ev.string(text)?)?.network().to_string()));
    "cidrBroadcast" ["bare" "lib" "lib.net"] "String -> String"
        "the last address of a block"
        ""
        { "cidrBroadcast \"10.1.2.3/16\"" => "\"10.1.255.255\"" "cidrBroadcast \"10.0.0.0/30\"" => "\"10.0.0.3\"" }
        |ev, text| Ok(Value::string(block(&ev.string(text)?)?.broadcast().to_string()));
    "cidrNetmask" ["bare" "lib" "lib.net"] "String -> String"
        "the netmask of a block"
        ""
        { "cidrNetmask \"10.0.0.0/20\"" => "\"255.255.240.0\"" "cidrNetmask \"10.0.0.0/8\"" => "\"255.0.0.0\"" }
        |ev, text| Ok(Value::string(block(&ev.string(text)?)?.netmask().to_string()));
    "cidrPrefixLength" ["bare" "lib" "lib.net"] "String -> Int"
        "the prefix length of a block"
        ""
        { "cidrPrefixLength \"10.0.0.0/20\"" => "20" "cidrPrefixLength \"10.0.0.1\"" => "32" }
        |ev, text| Ok(Value::Int(block(&ev.string(text)?)?.prefix_len().into()));
    "cidrSize" ["bare" "lib" "lib.net"] "String -> Int"
        "how many addresses a block has"
        "More than fit into 64 bits are an error."
        { "cidrSize \"10.0.0.0/24\"" => "256" "cidrSize \"fd00::/8\"" => "error: arithmetic" }
        |ev, text| {
            let text = ev.string(text)?;
            let block = block(&text)?;
            match 1_i64.checked_shl(u32::from(block.max_prefix_len() - block.prefix_len())) {
                Some(size @ 1..) => Ok(Value::Int(size)),
                _ => Err(ev.fault(Code::Arithmetic, format!("the number of addresses of `{text}` does not fit into 64 bits"))),
            }
        };
}

fn address(text: &str) -> Result<IpAddr, Fault> {
    text.parse().map_err(|_| {
        invalid(format!("{} is no IP address", quoted(text)), "write it as `\"10.0.0.1\"` or `\"fd00::1\"`")
    })
}

/// A block, or a single address as the block of it alone; bits after the prefix are dropped.
pub(crate) fn block(text: &str) -> Result<IpNet, Fault> {
    let example = "write it as `\"10.0.0.0/8\"`, `\"fd00::/8\"` or a single address";
    let reason = match text.split_once('/') {
        None => match text.parse::<IpAddr>() {
            Ok(address) => return Ok(IpNet::from(address)),
            Err(_) => "it is no IP address".to_owned(),
        },
        Some((address, length)) => match (address.parse::<IpAddr>(), length.parse::<u8>()) {
            (Err(_), _) => format!("{} is no IP address", quoted(address)),
            (_, Err(_)) => format!("{} is no prefix length", quoted(length)),
            (Ok(address), Ok(length)) => match IpNet::new(address, length) {
                Ok(block) => return Ok(block.trunc()),
                Err(_) => format!("a prefix has at most {} bits", if address.is_ipv4() { 32 } else { 128 }),
            },
        },
    };
    Err(invalid(format!("{} is no address block: {reason}", quoted(text)), example))
}

/// The block that an argument is.
fn block_of(text: &str, argument: usize) -> Result<IpNet, Fault> {
    block(text).map_err(|fault| fault.of_argument(argument))
}

fn host(block: &IpNet, number: i64) -> Option<IpAddr> {
    let offset = u128::from(number.unsigned_abs());
    match block {
        IpNet::V4(block) => {
            let offset = u32::try_from(offset).ok()?;
            let (first, last) = (u32::from(block.network()), u32::from(block.broadcast()));
            let found = if number < 0 { last.checked_sub(offset - 1)? } else { first.checked_add(offset)? };
            (first..=last).contains(&found).then(|| Ipv4Addr::from(found).into())
        }
        IpNet::V6(block) => {
            let (first, last) = (u128::from(block.network()), u128::from(block.broadcast()));
            let found = if number < 0 { last.checked_sub(offset - 1)? } else { first.checked_add(offset)? };
            (first..=last).contains(&found).then(|| Ipv6Addr::from(found).into())
        }
    }
}

fn subnets(ev: &mut dyn Evaluator, text: &str, length: i64) -> Answer {
    let block = block_of(text, 0)?;
    let parts = u8::try_from(length).ok().and_then(|length| block.subnets(length).ok());
    let Some(parts) = parts else {
        let (least, most) = (block.prefix_len(), block.max_prefix_len());
        let message = format!("expected a prefix length from {least} to {most}, found {length}");
        return Err(ev.fault(Code::InvalidValue, message).of_argument(1));
    };
    let bits = u32::try_from(length).unwrap_or(0).saturating_sub(block.prefix_len().into());
    room(ev, 1_usize.checked_shl(bits).unwrap_or(usize::MAX))?;
    let mut found = Vec::new();
    for part in parts {
        ev.step()?;
        found.push(Value::string(part.to_string()));
    }
    Ok(Value::list(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_may_be_single_addresses() {
        let text = |text: &str| block(text).map(|block| block.to_string()).map_err(|fault| fault.to_string());
        assert_eq!(text("10.0.0.1").as_deref(), Ok("10.0.0.1/32"));
        assert_eq!(text("10.1.2.3/8").as_deref(), Ok("10.0.0.0/8"));
        assert_eq!(text("fd00::1").as_deref(), Ok("fd00::1/128"));
        assert_eq!(
            text("10.0.0.0/99"),
            Err("`10.0.0.0/99` is no address block: a prefix has at most 32 bits".to_owned())
        );
    }

    #[test]
    fn hosts_are_counted_from_both_ends() {
        let at = |text: &str, number| {
            block(text).ok().and_then(|block| host(&block, number)).map(|host| host.to_string())
        };
        assert_eq!(at("10.0.0.0/30", 3).as_deref(), Some("10.0.0.3"));
        assert_eq!(at("10.0.0.0/30", 4), None);
        assert_eq!(at("10.0.0.0/30", -4).as_deref(), Some("10.0.0.0"));
        assert_eq!(at("10.0.0.0/30", -5), None);
        assert_eq!(at("fd00::/64", -1).as_deref(), Some("fd00::ffff:ffff:ffff:ffff"));
        assert_eq!(at("255.255.255.255/32", 1), None);
    }
}
