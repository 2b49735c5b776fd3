using System.Net;
using Build.Upstream.Content;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Build.Upstream;

/// <summary>
/// What the quickstart downloads from: an HTTP origin and an OCI registry on a free port of the loopback interface, with small
/// but real content, so that the first run needs no internet.
/// </summary>
internal sealed class QuickstartUpstream : IAsyncDisposable
{
    private readonly WebApplication _server;
    private int _requests;

    private QuickstartUpstream(WebApplication server) => _server = server;

    /// <summary>Base URL of both, without a slash at its end; the registry is below <c>/v2/</c>.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Requests answered so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Extra variables that bring the address into the recipe's templates.</summary>
    public IReadOnlyList<string> Sets => [$"quickstart_origin={Url}", $"quickstart_registry={Url}"];

    /// <summary>Starts serving.</summary>
    public static async Task<QuickstartUpstream> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging();
        var upstream = new QuickstartUpstream(builder.Build());
        upstream.Serve(new FileOrigin(new QuickstartFiles()), new ImageRegistry(new QuickstartImages()));
        await upstream._server.StartAsync(cancellationToken);
        upstream.Url = upstream._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return upstream;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void Serve(FileOrigin origin, ImageRegistry registry) => _server.Run(http =>
    {
        Interlocked.Increment(ref _requests);
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            return Results.StatusCode(StatusCodes.Status405MethodNotAllowed).ExecuteAsync(http);
        }

        return http.Request.Path.StartsWithSegments("/v2") ? registry.AnswerAsync(http) : origin.AnswerAsync(http);
    });
}
