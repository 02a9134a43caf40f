//! A certificate authority for the length of a test, and servers that show what it issued.

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use std::sync::Arc;
use tempfile::NamedTempFile;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;

pub struct Authority {
    name: &'static str,
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate, in PEM.
    file: NamedTempFile,
}

impl Authority {
    pub fn new(name: &'static str) -> Self {
        let mut params = called(name, Vec::new());
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().unwrap();
        let file = NamedTempFile::new().unwrap();
        std::fs::write(file.path(), params.self_signed(&key).unwrap().pem()).unwrap();
        Self { name, issuer: Issuer::new(params, key), file }
    }

    /// The line by which a target trusts it.
    pub fn setting(&self) -> String {
        format!("ca_file = '{}'\n", self.file.path().display())
    }

    /// Servers of this name or address.
    pub fn serves(&self, host: &str) -> TlsAcceptor {
        self.shows(&called(host, vec![host.to_owned()]))
    }

    /// What a server may show that is no proof of being `host` to whoever trusts this authority, with what is said of it.
    pub fn worthless(&self, host: &str) -> [(TlsAcceptor, &'static str); 4] {
        let mut expired = called(host, vec![host.to_owned()]);
        expired.not_after = date_time_ymd(2020, 1, 1);
        [
            (Self::new("Another").serves(host), "UnknownIssuer"),
            // A name is taken easily; the key is not.
            (Self::new(self.name).serves(host), "BadSignature"),
            (self.serves("other.example"), "not valid for name"),
            (self.shows(&expired), "certificate expired"),
        ]
    }

    fn shows(&self, params: &CertificateParams) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        // By name: where more than one provider is built in, there is none by itself.
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into());
        TlsAcceptor::from(Arc::new(config.unwrap()))
    }
}

/// What is to be certified: whose it is, and the names and addresses that it is good for, from 1975 until 4096.
fn called(name: &str, hosts: Vec<String>) -> CertificateParams {
    let mut params = CertificateParams::new(hosts).unwrap();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}
