//! The signature of SNS: RSA with PKCS #1 padding over SHA-1 (version 1) or SHA-256 (version 2).

use ring::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, RsaParameters,
    UnparsedPublicKey,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use waymark_commercetools::SnsMessage;
use webpki::EndEntityCert;

/// A certificate of SNS.
#[derive(Debug)]
pub(super) struct Certificate(CertificateDer<'static>);

impl Certificate {
    /// The first certificate of a PEM file, if it can be read.
    pub(super) fn of_pem(pem: &[u8]) -> Option<Self> {
        let der = CertificateDer::from_pem_slice(pem).ok()?;
        EndEntityCert::try_from(&der).ok()?;
        Some(Self(der))
    }
}

/// Whether the post's signature is that of the certificate's key.
pub(super) fn is_signed_by(message: &SnsMessage, certificate: &Certificate) -> bool {
    let algorithm = match message.signature_version {
        1 => &Rsa(&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY),
        2 => &Rsa(&RSA_PKCS1_2048_8192_SHA256),
        _ => return false,
    };
    let text = message.signed_text();
    EndEntityCert::try_from(&certificate.0).is_ok_and(|certificate| {
        let verified = certificate.verify_signature(algorithm, text.as_bytes(), &message.signature);
        verified.is_ok()
    })
}

/// RSA over one hash. `webpki` itself has none over SHA-1, which the first version is.
#[derive(Debug)]
struct Rsa(&'static RsaParameters);

impl SignatureVerificationAlgorithm for Rsa {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        UnparsedPublicKey::new(self.0, public_key)
            .verify(message, signature)
            .map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    /// Of the certificates that this algorithm may sign: it is asked about none.
    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_PKCS1_SHA256
    }
}
