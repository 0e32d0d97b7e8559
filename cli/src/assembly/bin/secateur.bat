@echo off
rem Starts secateur from an unpacked distribution.
setlocal
for %%I in ("%~dp0..") do set "INSTALLATION=%%~fI"
if not defined SECATEUR_HOME set "SECATEUR_HOME=%INSTALLATION%"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
set "VERSION="
for /f "tokens=3" %%V in ('""%JAVA%" -version 2>&1" ^| findstr /i "version"') do if not defined VERSION set "VERSION=%%~V"
if not defined VERSION (
  echo secateur: needs Java 17 or newer, but there is no %JAVA%. Install a JDK 17, or set JAVA_HOME to one. 1>&2
  exit /b 1
)
for /f "delims=.-+" %%M in ("%VERSION%") do set "MAJOR=%%M"
if %MAJOR% LSS 17 (
  echo secateur: needs Java 17 or newer, but %JAVA% is %VERSION%. Install a JDK 17, or set JAVA_HOME to one. 1>&2
  exit /b 1
)
rem DJL counts its users over the network unless told not to.
set "OPT_OUT_TRACKING=true"
"%JAVA%" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto "-Dsecateur.home=%SECATEUR_HOME%" -cp "%INSTALLATION%\lib\*" io.secateur.cli.Main %*
exit /b %ERRORLEVEL%
