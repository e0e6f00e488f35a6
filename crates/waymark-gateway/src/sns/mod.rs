//! Amazon SNS: whether a post is signed by it, and the confirmation of a subscription.
//!
//! A certificate is fetched from Amazon's hosts alone, over TLS, and kept for a day; what a post
//! says of its own certificate is believed no further. `sns_endpoint` of the configuration puts
//! another server in the place of these hosts.

mod address;
mod signature;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use reqwest::{Client, Url};
use tokio::sync::Semaphore;
use waymark_commercetools::SnsMessage;

use self::address::{certificate_address, confirmation_address};
use self::signature::{Certificate, is_signed_by};
use crate::limits::{
    SNS_ANSWER_MAX_BYTES, SNS_CERTIFICATE_KEPT, SNS_CERTIFICATES, SNS_REQUESTS, SNS_TIMEOUT,
};
use crate::outgoing;

/// Why a post of SNS is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnsError {
    /// An address in it is not one of SNS.
    #[error("an address in the message is not one of Amazon SNS")]
    Address,
    /// The signature is not that of the certificate.
    #[error("the signature of the message is wrong")]
    Signature,
    /// Amazon's hosts could not be asked, or did not answer as they do.
    #[error("Amazon SNS could not be asked; its message will come again")]
    Unreachable,
}

impl SnsError {
    /// The stable word a client may branch on.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Address => "sns_address",
            Self::Signature => "sns_signature",
            Self::Unreachable => "sns_unreachable",
        }
    }
}

/// A certificate and when it was fetched.
#[derive(Debug)]
struct Kept {
    address: Url,
    fetched: Instant,
    certificate: Arc<Certificate>,
}

/// The way to SNS.
#[derive(Debug)]
pub(crate) struct Sns {
    /// Made when it is first needed: most gateways have no topic, and some no root certificates.
    client: OnceLock<Option<Client>>,
    certificates: Mutex<Vec<Kept>>,
    requests: Semaphore,
}

impl Default for Sns {
    fn default() -> Self {
        Self {
            client: OnceLock::new(),
            certificates: Mutex::default(),
            requests: Semaphore::new(SNS_REQUESTS),
        }
    }
}

impl Sns {
    /// Checks the signature of a post.
    ///
    /// # Errors
    /// When it is wrong, or its certificate cannot be had.
    pub(crate) async fn verify(
        &self,
        message: &SnsMessage,
        endpoint: Option<&Url>,
    ) -> Result<(), SnsError> {
        let address = certificate_address(&message.certificate_url, endpoint)?;
        let certificate = match self.kept(&address) {
            Some(certificate) => certificate,
            None => self.fetch_certificate(address).await?,
        };
        if is_signed_by(message, &certificate) {
            Ok(())
        } else {
            Err(SnsError::Signature)
        }
    }

    /// Confirms a subscription, whose topic and signature were checked before.
    ///
    /// # Errors
    /// When SNS did not take it.
    pub(crate) async fn confirm(
        &self,
        message: &SnsMessage,
        endpoint: Option<&Url>,
    ) -> Result<(), SnsError> {
        let url = message.subscribe_url.as_deref().unwrap_or_default();
        let address = confirmation_address(url, endpoint)?;
        self.fetch(address).await.map(drop)
    }

    async fn fetch_certificate(&self, address: Url) -> Result<Arc<Certificate>, SnsError> {
        let pem = self.fetch(address.clone()).await?;
        let certificate = Certificate::of_pem(&pem).ok_or(SnsError::Unreachable)?;
        let certificate = Arc::new(certificate);
        let mut kept = self.lock();
        kept.retain(|one| one.address != address);
        if kept.len() >= SNS_CERTIFICATES {
            kept.remove(0);
        }
        kept.push(Kept {
            address,
            fetched: Instant::now(),
            certificate: Arc::clone(&certificate),
        });
        Ok(certificate)
    }

    fn kept(&self, address: &Url) -> Option<Arc<Certificate>> {
        let kept = self.lock();
        let found = kept.iter().find(|one| one.address == *address)?;
        let is_fresh = found.fetched.elapsed() < SNS_CERTIFICATE_KEPT;
        is_fresh.then(|| Arc::clone(&found.certificate))
    }

    /// The first part of what an address answers with 200.
    async fn fetch(&self, address: Url) -> Result<Vec<u8>, SnsError> {
        let unreachable = |_| SnsError::Unreachable;
        let waiting = self.requests.acquire();
        let _place = tokio::time::timeout(SNS_TIMEOUT, waiting)
            .await
            .map_err(|_| SnsError::Unreachable)?
            .map_err(|_| SnsError::Unreachable)?;
        let client = self.client.get_or_init(client).as_ref();
        let client = client.ok_or(SnsError::Unreachable)?;
        let mut answer = client.get(address).send().await.map_err(unreachable)?;
        if !answer.status().is_success() {
            return Err(SnsError::Unreachable);
        }
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(unreachable)? {
            body.extend_from_slice(&part);
            if body.len() > SNS_ANSWER_MAX_BYTES {
                return Err(SnsError::Unreachable);
            }
        }
        Ok(body)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.certificates
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn client() -> Option<Client> {
    outgoing::client(SNS_TIMEOUT)
        .inspect_err(|error| tracing::error!(%error, "could not set up an HTTP client for SNS"))
        .ok()
}
