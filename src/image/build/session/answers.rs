//! The small services of a session: secrets, registry credentials, health.

use crate::image::build::CredentialSource;
use crate::image::build::credentials::plain_host;
use crate::util::Secret;
use bollard_buildkit_proto::health::{
    HealthCheckRequest, HealthCheckResponse, HealthListRequest, HealthListResponse,
    health_check_response::ServingStatus, health_server::Health,
};
use bollard_buildkit_proto::moby::buildkit::secrets::v1::{
    GetSecretRequest, GetSecretResponse, secrets_server::Secrets,
};
use bollard_buildkit_proto::moby::filesync::v1::{
    CredentialsRequest, CredentialsResponse, FetchTokenRequest, FetchTokenResponse, GetTokenAuthorityRequest,
    GetTokenAuthorityResponse, VerifyTokenAuthorityRequest, VerifyTokenAuthorityResponse, auth_server::Auth,
};
use futures_util::stream::BoxStream;
use std::collections::BTreeMap;
use std::sync::Arc;
use tonic::{Request, Response, Status};

/// Build secrets, by their ids; from memory to memory.
#[derive(Debug)]
pub(super) struct SecretValues(BTreeMap<String, Secret>);

impl SecretValues {
    pub(super) fn new(secrets: &BTreeMap<String, Secret>) -> Self {
        Self(secrets.clone())
    }
}

#[tonic::async_trait]
impl Secrets for SecretValues {
    async fn get_secret(&self, request: Request<GetSecretRequest>) -> Result<Response<GetSecretResponse>, Status> {
        let id = &request.get_ref().id;
        match self.0.get(id) {
            Some(secret) => Ok(Response::new(GetSecretResponse { data: secret.expose().as_bytes().to_vec() })),
            None => Err(Status::not_found(format!("secret {id} not found: `build-secrets` of the app has none"))),
        }
    }
}

/// Credentials of the registries that base images come from.
pub(super) struct Credentials(Arc<dyn CredentialSource>);

impl Credentials {
    pub(super) fn new(source: &Arc<dyn CredentialSource>) -> Self {
        Self(source.clone())
    }
}

/// Only `Credentials` is announced to the engine; it falls back to it from the others.
#[tonic::async_trait]
impl Auth for Credentials {
    async fn credentials(&self, request: Request<CredentialsRequest>) -> Result<Response<CredentialsResponse>, Status> {
        let host = plain_host(&request.get_ref().host).to_owned();
        let answer = match self.0.credentials(&host).await {
            Some((username, secret)) => CredentialsResponse { username, secret: secret.expose().to_owned() },
            None => CredentialsResponse::default(),
        };
        Ok(Response::new(answer))
    }

    async fn fetch_token(&self, _: Request<FetchTokenRequest>) -> Result<Response<FetchTokenResponse>, Status> {
        Err(Status::unimplemented("tokens are fetched by the engine"))
    }

    async fn get_token_authority(
        &self,
        _: Request<GetTokenAuthorityRequest>,
    ) -> Result<Response<GetTokenAuthorityResponse>, Status> {
        Err(Status::unimplemented("tokens are fetched by the engine"))
    }

    async fn verify_token_authority(
        &self,
        _: Request<VerifyTokenAuthorityRequest>,
    ) -> Result<Response<VerifyTokenAuthorityResponse>, Status> {
        Err(Status::unimplemented("tokens are fetched by the engine"))
    }
}

/// Newer engines end a session that does not answer this.
#[derive(Debug)]
pub(super) struct Healthy;

#[tonic::async_trait]
impl Health for Healthy {
    type WatchStream = BoxStream<'static, Result<HealthCheckResponse, Status>>;

    async fn check(&self, _: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
        Ok(Response::new(HealthCheckResponse { status: ServingStatus::Serving.into() }))
    }

    async fn list(&self, _: Request<HealthListRequest>) -> Result<Response<HealthListResponse>, Status> {
        Err(Status::unimplemented("only checks are answered"))
    }

    async fn watch(&self, _: Request<HealthCheckRequest>) -> Result<Response<Self::WatchStream>, Status> {
        Err(Status::unimplemented("only checks are answered"))
    }
}
